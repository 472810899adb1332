import { acrossTenants, migration } from '@onecount/db';

/**
 * What a line is reported under, as it was when the line was added (ADR 0368), and the way to the sales of a period. The
 * index is written once for each sale, when it is committed: a basket has no entry. The newest version of each product is
 * taken once more when it is published again: then the book knows its category.
 */
export const SalesAreReported1799980000000 = migration(
  'SalesAreReported1799980000000',
  `
ALTER TABLE price_book ADD COLUMN category text, ADD COLUMN vendor text;
ALTER TABLE sale_line ADD COLUMN category text, ADD COLUMN vendor text;
CREATE INDEX sale_committed_idx ON sale (tenant_id, committed_at) WHERE committed_at IS NOT NULL;
${acrossTenants('price_book_product', 'UPDATE price_book_product SET version = version - 1;')}`,
);
