import { migration } from '@onecount/db';

/** Who sells, where it is not whoever opened the sale: of the sale, and of a line where it is not the sale's (ADR 0362). */
export const ALineHasASalesperson1799960001000 = migration(
  'ALineHasASalesperson1799960001000',
  `
ALTER TABLE sale
  ADD COLUMN salesperson text CONSTRAINT sale_salesperson_length CHECK (length(salesperson) BETWEEN 1 AND 100);
ALTER TABLE sale_line
  ADD COLUMN salesperson text CONSTRAINT sale_line_salesperson_length CHECK (length(salesperson) BETWEEN 1 AND 100);`,
);
