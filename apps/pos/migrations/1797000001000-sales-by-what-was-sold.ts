import { migration } from '@onecount/db';

/**
 * Sales are found by SKU and by serial. Register, location, cashier and period need no index: many sales have each, so the
 * newest are found on the way along sale_newest_idx; receipt number and external id have their unique indexes.
 */
export const SalesByWhatWasSold1797000001000 = migration(
  'SalesByWhatWasSold1797000001000',
  `
CREATE INDEX sale_line_by_sku_idx ON sale_line (tenant_id, identifier_key(sku));
CREATE INDEX sale_line_by_serial_idx ON sale_line (tenant_id, identifier_key(serial)) WHERE serial IS NOT NULL;`,
);
