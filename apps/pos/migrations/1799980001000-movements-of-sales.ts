import { migration, tenantTable } from '@onecount/db';

/**
 * A copy of inventory's ledger as far as reports need it: what moved for a sale, with its cost, and what came in. Written
 * by events alone; movements never change, so the first copy is the last (ADR 0369).
 */
export const MovementsOfSales1799980001000 = migration(
  'MovementsOfSales1799980001000',
  `
CREATE TABLE stock_movement (
  tenant_id      uuid NOT NULL,
  movement_id    uuid NOT NULL,
  sale_id        uuid,
  -- The line that the ledger names, else the first of the sale with this item.
  line_id        uuid,
  stock_item_id  uuid NOT NULL,
  sku            text NOT NULL,
  location_id    uuid NOT NULL,
  location_code  text NOT NULL,
  quantity       integer NOT NULL,
  reason         text NOT NULL,
  cost_minor     bigint,
  cost_currency  text,
  cost_quantity  integer,
  occurred_at    timestamptz NOT NULL,
  CONSTRAINT stock_movement_pkey PRIMARY KEY (tenant_id, movement_id),
  CONSTRAINT stock_movement_cost_whole CHECK (
    (cost_minor IS NULL) = (cost_currency IS NULL) AND (cost_minor IS NULL) = (cost_quantity IS NULL)),
  CONSTRAINT stock_movement_is_reported CHECK (sale_id IS NOT NULL OR reason IN ('OPENING', 'RECEIPT'))
);
CREATE INDEX stock_movement_of_sale_idx ON stock_movement (tenant_id, sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX stock_movement_received_idx ON stock_movement (tenant_id, occurred_at) WHERE sale_id IS NULL;
CREATE INDEX stock_movement_occurred_idx ON stock_movement USING brin (occurred_at);
${tenantTable('stock_movement', { appendOnly: true })}`,
);
