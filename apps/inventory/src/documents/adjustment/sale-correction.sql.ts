import { sql, type Tx } from '@onecount/db';

const lockStatement = sql(
  'inventory.sale-correction-lock',
  'SELECT pg_advisory_xact_lock(sale_lock_key($1, $2))',
);

/** Before anything else: whoever corrects, applies or releases this sale is done, or waits. */
export async function lockSale(tx: Tx, saleId: string): Promise<void> {
  await tx.query(lockStatement, [tx.tenantId, saleId]);
}

const knownStatement = sql(
  'inventory.sale-known',
  `SELECT 1 AS known FROM sale_claim c WHERE c.tenant_id = $1 AND c.sale_id = $2
   UNION ALL
   (SELECT 1 FROM movement m WHERE m.tenant_id = $1 AND m.reference_kind = 'SALE' AND m.reference_id = $2::text
      AND m.reason = 'SALE' LIMIT 1)`,
);

/** Whether inventory ever heard of the sale. */
export async function isSaleKnown(tx: Tx, saleId: string): Promise<boolean> {
  return (await tx.query(knownStatement, [tx.tenantId, saleId])).length > 0;
}

const unitSaleStatement = sql(
  'inventory.unit-sale',
  'SELECT sale_id AS "saleId" FROM serial_unit WHERE tenant_id = $1 AND id = $2',
);

/** The sale that the unit left with; null while it is here. */
export async function selectSaleOfUnit(tx: Tx, unitId: string): Promise<string | null> {
  const [unit] = await tx.query<{ saleId: string | null }>(unitSaleStatement, [
    tx.tenantId,
    unitId,
  ]);
  return unit?.saleId ?? null;
}

export type SaleTaken = { lineId: string | null; locationId: string; quantity: number };

// Both ways by an index of their reason: a ledger of millions has few rows of one sale.
const takenStatement = sql(
  'inventory.sale-taken',
  `SELECT m.line_id AS "lineId", m.location_id AS "locationId", m.quantity FROM movement m
   WHERE m.tenant_id = $1 AND m.reference_kind = 'SALE' AND m.reference_id = $2 AND m.reason = 'SALE' AND m.stock_item_id = $3
   UNION ALL
   SELECT m.line_id, m.location_id, m.quantity FROM movement m
   WHERE m.tenant_id = $1 AND m.reference_kind = 'SALE' AND m.reference_id = $2 AND m.reason IN ('SALE_CORRECTION', 'RETURN')
     AND m.stock_item_id = $3`,
);

/** What the sale took of an item (negative) and what came back of it, in the ledger. */
export function selectSaleTaken(
  tx: Tx,
  of: { saleId: string; stockItemId: string },
): Promise<SaleTaken[]> {
  return tx.query<SaleTaken>(takenStatement, [tx.tenantId, of.saleId, of.stockItemId]);
}
