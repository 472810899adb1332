import { asOwner, migration } from '@onecount/db';

/**
 * Product and stock meet by the SKU in any case (ADR 0160). Where they did not meet until now, the row that knows its
 * variant stays; the next count of the SKU, or `npm run republish`, brings its listings up.
 */
export const OneSkuInAnyCase1797400000000 = migration(
  'OneSkuInAnyCase1797400000000',
  `
ALTER TABLE known_variant
  ADD COLUMN sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED;
${asOwner(
  'known_variant',
  `DELETE FROM known_variant v USING (
  SELECT tenant_id, sku, row_number() OVER (
    PARTITION BY tenant_id, sku_key ORDER BY variant_id IS NULL, sku) AS place
  FROM known_variant) AS twin
WHERE v.tenant_id = twin.tenant_id AND v.sku = twin.sku AND twin.place > 1;`,
)}
ALTER TABLE known_variant DROP CONSTRAINT known_variant_pkey,
  ADD CONSTRAINT known_variant_pkey PRIMARY KEY (tenant_id, sku_key);
ALTER TABLE known_level
  ADD COLUMN sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED;
DROP INDEX known_level_by_sku;
CREATE INDEX known_level_by_sku ON known_level (tenant_id, sku_key);`,
);
