import { migration } from '@onecount/db';

/**
 * A variant that was removed keeps its row, because sales and passports name it, and its SKU. Its option values and
 * its code are free again (ADR 0193).
 */
export const RemovedVariants1797450000000 = migration(
  'RemovedVariants1797450000000',
  `
ALTER TABLE variant ADD COLUMN removed_at timestamptz;
ALTER TABLE variant DROP CONSTRAINT variant_option_values_key;
CREATE UNIQUE INDEX variant_option_values_key ON variant (tenant_id, product_id, option_values) WHERE removed_at IS NULL;
DROP INDEX variant_barcode_key;
CREATE UNIQUE INDEX variant_barcode_key ON variant (tenant_id, barcode_key) WHERE removed_at IS NULL;`,
);
