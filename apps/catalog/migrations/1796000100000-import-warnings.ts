import { migration } from '@onecount/db';

/** What came in otherwise than its row says is reported as well; a repeated SKU is numbered by default. */
export const ImportWarnings1796000100000 = migration(
  'ImportWarnings1796000100000',
  `
ALTER TABLE product_import
  ADD COLUMN row_warnings_total integer NOT NULL DEFAULT 0,
  ADD COLUMN repeated_sku text NOT NULL DEFAULT 'REFUSE'
    CONSTRAINT product_import_repeated_sku_known CHECK (repeated_sku IN ('NUMBER', 'REFUSE'));
ALTER TABLE product_import_row_error
  ADD COLUMN severity text NOT NULL DEFAULT 'ERROR'
    CONSTRAINT product_import_row_error_severity_known CHECK (severity IN ('ERROR', 'WARNING'));
`,
);
