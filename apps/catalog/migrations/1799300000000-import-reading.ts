import { migration } from '@onecount/db';

/** How a file is read is shown, and each note names its line as well. */
export const ImportReading1799300000000 = migration(
  'ImportReading1799300000000',
  `
ALTER TABLE product_import
  ADD COLUMN encoding text,
  ADD COLUMN separator text;
ALTER TABLE product_import_row_error
  ADD COLUMN line_number integer;
`,
);
