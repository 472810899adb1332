import { migration, uniqueKey } from '@onecount/db';

const table = 'variant';

/** SKUs are compared without case, barcodes as the GTIN that they are a form of (ADR 0160). */
export const OneNameOneVariant1796100000000 = migration(
  'OneNameOneVariant1796100000000',
  `
ALTER TABLE variant
  ADD COLUMN sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED,
  ADD COLUMN barcode_key text COLLATE "C" GENERATED ALWAYS AS (code_key(barcode)) STORED;
ALTER TABLE variant DROP CONSTRAINT variant_sku_key, DROP CONSTRAINT variant_barcode_key;
${uniqueKey('variant_sku_key', { table, key: 'sku_key', shown: 'sku' })}
${uniqueKey('variant_barcode_key', { table, key: 'barcode_key', shown: 'barcode' })}`,
);
