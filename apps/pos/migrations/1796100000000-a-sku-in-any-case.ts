import { migration } from '@onecount/db';

/**
 * A SKU is found in any case (ADR 0160). Not unique here: this is a copy of the catalog's, and a product that gives its
 * SKU to another one is heard of in two events.
 */
export const ASkuInAnyCase1796100000000 = migration(
  'ASkuInAnyCase1796100000000',
  `
ALTER TABLE price_book
  ADD COLUMN sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED;
DROP INDEX price_book_by_sku_idx;
CREATE INDEX price_book_by_sku_idx ON price_book (tenant_id, sku_key);`,
);
