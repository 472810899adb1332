import { migration } from '@onecount/db';

/** A unit is found by SKU and stock number in any case, by its serial as written (ADR 0160). */
export const AUnitByNameInAnyCase1796300000000 = migration(
  'AUnitByNameInAnyCase1796300000000',
  `
ALTER TABLE known_unit
  ADD COLUMN sku_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(sku)) STORED,
  ADD COLUMN stock_number_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(stock_number)) STORED;
DROP INDEX known_unit_by_serial, known_unit_by_stock_number;
CREATE INDEX known_unit_by_serial ON known_unit (tenant_id, sku_key, serial);
CREATE INDEX known_unit_by_stock_number ON known_unit (tenant_id, sku_key, stock_number_key);`,
);
