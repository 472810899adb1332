import { sql, type Tx } from '@onecount/db';
import type { Disposition, Instead, SoldUnit } from './sale-return.ts';

const appliedStatement = sql(
  'inventory.sale-return-applied',
  'SELECT 1 AS applied FROM sale_return_line WHERE tenant_id = $1 AND return_id = $2 LIMIT 1',
);

export async function isReturnApplied(tx: Tx, returnId: string): Promise<boolean> {
  return (await tx.query(appliedStatement, [tx.tenantId, returnId])).length > 0;
}

export type ReturnedItem = { id: string; tracking: 'NONE' | 'QUANTITY' | 'SERIAL' };

const itemsStatement = sql(
  'inventory.sale-return-items',
  'SELECT id, tracking FROM stock_item WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR SHARE',
);

/** Locked against a change of how they are counted, which is what it is now and not what it was when they were sold. */
export function lockReturnedItems(tx: Tx, ids: readonly string[]): Promise<ReturnedItem[]> {
  return tx.query<ReturnedItem>(itemsStatement, [tx.tenantId, ids]);
}

// Both ways by an index of their reason: a ledger of millions has few rows of one sale.
const leftStatement = sql(
  'inventory.sale-return-left',
  `SELECT t.item AS "stockItemId", -sum(t.quantity)::integer AS left FROM (
     SELECT m.stock_item_id AS item, m.quantity FROM movement m
     WHERE m.tenant_id = $1 AND m.reference_kind = 'SALE' AND m.reference_id = $2 AND m.reason = 'SALE'
     UNION ALL
     SELECT m.stock_item_id, m.quantity FROM movement m
     WHERE m.tenant_id = $1 AND m.reference_kind = 'SALE' AND m.reference_id = $2
       AND m.reason IN ('SALE_CORRECTION', 'RETURN')) t
   GROUP BY t.item`,
);
const insteadStatement = sql(
  'inventory.sale-return-instead',
  `SELECT m.stock_item_id AS "stockItemId", m.line_id AS "lineId" FROM movement m
   WHERE m.tenant_id = $1 AND m.reference_kind = 'SALE' AND m.reference_id = $2 AND m.reason = 'SALE_CORRECTION'
     AND m.quantity < 0 ORDER BY m.position`,
);

/** What the sale took of each item and has not given back, and what a correction handed over instead of another. */
export async function leftOfSale(tx: Tx, saleId: string) {
  const values = [tx.tenantId, saleId];
  const instead = await tx.query<Instead>(insteadStatement, values);
  const rows = await tx.query<{ stockItemId: string; left: number }>(leftStatement, values);
  return { instead, left: new Map(rows.map((row) => [row.stockItemId, row.left])) };
}

const soldUnitsStatement = sql(
  'inventory.sale-return-sold-units',
  `SELECT h.serial_unit_id AS "unitId", h.allocated_at IS NOT NULL AS "isChosenLater" FROM hold h
   WHERE h.tenant_id = $1 AND h.reference_kind = 'SALE' AND h.reference_id = $2 AND h.line_id = $3
     AND h.stock_item_id = $4 AND h.status = 'SOLD' AND h.serial_unit_id IS NOT NULL
   ORDER BY h.part`,
);

/** The units of a line that did not come back yet: the claim of one that did has ended. */
export function soldUnits(
  tx: Tx,
  of: { saleId: string; lineId: string; stockItemId: string },
): Promise<SoldUnit[]> {
  const values = [tx.tenantId, of.saleId, of.lineId, of.stockItemId];
  return tx.query<SoldUnit>(soldUnitsStatement, values);
}

const keepStatement = sql(
  'inventory.sale-return-keep',
  `WITH kept AS (
     INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, purpose, subject, reference_kind, reference_id, created_at)
     VALUES ($1, 'HARD', $2, $3, $4, $5, $6, 'SALE_RETURN', $7, clock_timestamp()))
   SELECT level_change($1, $2, $3, 0, $4, clock_timestamp())`,
);

/** A hard hold on goods that are here and not for sale; whoever has looked at them lets it go. */
export async function keepQuantity(
  tx: Tx,
  kept: {
    stockItemId: string;
    locationId: string;
    quantity: number;
    purpose: string;
    actor: string;
    returnId: string;
  },
): Promise<void> {
  const { stockItemId, locationId, quantity, purpose, actor, returnId } = kept;
  const values = [tx.tenantId, stockItemId, locationId, quantity, purpose, actor, returnId];
  await tx.query(keepStatement, values);
}

export type AppliedLine = {
  lineId: string;
  stockItemId: string;
  serialUnitId: string | null;
  quantity: number;
  disposition: Disposition;
  movementId: string;
};

const insertStatement = sql(
  'inventory.sale-return-insert',
  `INSERT INTO sale_return_line (tenant_id, return_id, sale_id, position, line_id, stock_item_id, serial_unit_id, quantity,
     disposition, movement_id)
   SELECT $1, $2, $3, x.ord, x.line, x.item, x.unit, x.quantity, x.disposition, x.movement
   FROM ROWS FROM (jsonb_to_recordset($4) AS ("lineId" uuid, "stockItemId" uuid, "serialUnitId" uuid, quantity integer,
     disposition text, "movementId" uuid)) WITH ORDINALITY AS x (line, item, unit, quantity, disposition, movement, ord)`,
);

export async function insertAppliedLines(
  tx: Tx,
  of: { returnId: string; saleId: string },
  lines: readonly AppliedLine[],
): Promise<void> {
  await tx.query(insertStatement, [tx.tenantId, of.returnId, of.saleId, JSON.stringify(lines)]);
}
