import { migration, tenantTable } from '@onecount/db';

/**
 * What came back by a return of pos, piece by piece or by quantity, with the movement that brought it. A return is applied
 * once by the inbox, and by this key if the inbox forgets. Append-only.
 */
export const GoodsComeBackOfSales1799910000000 = migration(
  'GoodsComeBackOfSales1799910000000',
  `
CREATE TABLE sale_return_line (
  tenant_id      uuid NOT NULL,
  return_id      uuid NOT NULL,
  position       integer NOT NULL,
  sale_id        uuid NOT NULL,
  line_id        uuid NOT NULL,
  stock_item_id  uuid NOT NULL,
  serial_unit_id uuid,
  quantity       integer NOT NULL,
  disposition    text NOT NULL,
  movement_id    uuid NOT NULL,
  applied_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sale_return_line_pkey PRIMARY KEY (tenant_id, return_id, position),
  CONSTRAINT sale_return_line_movement_key UNIQUE (tenant_id, movement_id),
  CONSTRAINT sale_return_line_quantity CHECK (quantity > 0 AND (serial_unit_id IS NULL OR quantity = 1)),
  CONSTRAINT sale_return_line_disposition CHECK (disposition IN ('STOCK', 'INSPECTION', 'BENCH', 'DAMAGED')),
  CONSTRAINT sale_return_line_item_fkey FOREIGN KEY (tenant_id, stock_item_id) REFERENCES stock_item (tenant_id, id)
);
CREATE INDEX sale_return_line_by_sale_idx ON sale_return_line (tenant_id, sale_id);
${tenantTable('sale_return_line', { appendOnly: true })}`,
);
