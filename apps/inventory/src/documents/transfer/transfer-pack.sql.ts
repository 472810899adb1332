import { sql, type Tx } from '@onecount/db';
import type { SourceFacts, UnitFacts } from './transfer.ts';

// What the packing of a draft reads and writes at its source; the caller has locked the levels.

const unitsStatement = sql(
  'inventory.transfer-units-lock',
  `SELECT u.id, u.stock_item_id AS "stockItemId", u.serial, u.stock_number AS "stockNumber", u.status,
     u.location_id AS "locationId", c.code AS "locationCode", h.held_by AS "heldBy", h.expires_at AS "heldUntil"
   FROM serial_unit u
   JOIN location c ON c.tenant_id = u.tenant_id AND c.id = u.location_id
   LEFT JOIN LATERAL (
     SELECT CASE WHEN x.reference_kind = 'SALE' THEN 'SALE' ELSE x.purpose END AS held_by, x.expires_at FROM hold x
     WHERE x.tenant_id = u.tenant_id AND x.serial_unit_id = u.id AND x.status = 'LIVE' LIMIT 1) h ON true
   WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[]) ORDER BY u.id FOR NO KEY UPDATE OF u`,
);
// A unit that stands in the count at the source is registered there.
const unregisteredStatement = sql(
  'inventory.transfer-unregistered',
  `SELECT l.stock_item_id AS id, l.on_hand - (
     SELECT count(*) FROM serial_unit u
     WHERE u.tenant_id = $1 AND u.stock_item_id = l.stock_item_id AND u.location_id = $2
       AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED'))::integer AS quantity
   FROM level l WHERE l.tenant_id = $1 AND l.location_id = $2 AND l.stock_item_id = ANY ($3::uuid[])`,
);

export async function lockUnits(tx: Tx, ids: readonly string[]): Promise<Map<string, UnitFacts>> {
  if (ids.length === 0) return new Map();
  const units = await tx.query<UnitFacts>(unitsStatement, [tx.tenantId, ids]);
  return new Map(units.map((unit) => [unit.id, unit]));
}

export async function selectUnregistered(
  tx: Tx,
  at: { locationId: string; stockItemIds: readonly string[] },
): Promise<SourceFacts['unregistered']> {
  if (at.stockItemIds.length === 0) return new Map();
  const rows = await tx.query<{ id: string; quantity: number }>(unregisteredStatement, [
    tx.tenantId,
    at.locationId,
    at.stockItemIds,
  ]);
  return new Map(rows.map(({ id, quantity }) => [id, quantity]));
}

export type PackedLine = { stockItemId: string; serialUnitId: string | null; quantity: number };

// An item that is on the draft already grows its line; a unit has one of its own.
const linesStatement = sql(
  'inventory.transfer-lines-pack',
  `INSERT INTO transfer_line AS n (tenant_id, transfer_id, stock_item_id, serial_unit_id, quantity)
   SELECT $1, $2, x.item, x.unit, x.quantity
   FROM unnest($3::uuid[], $4::uuid[], $5::integer[]) WITH ORDINALITY AS x (item, unit, quantity, ord) ORDER BY x.ord
   ON CONFLICT (tenant_id, transfer_id, stock_item_id) WHERE serial_unit_id IS NULL
     DO UPDATE SET quantity = n.quantity + excluded.quantity
   RETURNING id, stock_item_id AS "stockItemId", serial_unit_id AS "serialUnitId"`,
);
const holdStatement = sql(
  'inventory.transfer-hold',
  'SELECT transfer_hold($1, $2, $3, $4, $5, $6, $7, $8)',
);

/** Writes lines and their holds; each item without a unit comes once. */
export async function insertPacked(
  tx: Tx,
  transfer: { id: string; fromLocationId: string },
  packed: readonly PackedLine[],
  actor: string,
): Promise<void> {
  const lines = await tx.query<{ id: string; stockItemId: string; serialUnitId: string | null }>(
    linesStatement,
    [
      tx.tenantId,
      transfer.id,
      packed.map(({ stockItemId }) => stockItemId),
      packed.map(({ serialUnitId }) => serialUnitId),
      packed.map(({ quantity }) => quantity),
    ],
  );
  const lineOf = new Map(lines.map((line) => [line.serialUnitId ?? line.stockItemId, line.id]));
  await tx.query(holdStatement, [
    tx.tenantId,
    transfer.id,
    transfer.fromLocationId,
    packed.map((line) => lineOf.get(line.serialUnitId ?? line.stockItemId)),
    packed.map(({ stockItemId }) => stockItemId),
    packed.map(({ serialUnitId }) => serialUnitId),
    packed.map(({ quantity }) => quantity),
    actor,
  ]);
}

const letGoStatement = sql('inventory.transfer-let-go', 'SELECT transfer_let_go($1, $2, $3)');
const removeStatement = sql(
  'inventory.transfer-line-remove',
  'DELETE FROM transfer_line WHERE tenant_id = $1 AND transfer_id = $2 AND id = $3',
);

/** Lets go what the whole draft holds, or one line of it. */
export async function letGo(tx: Tx, transferId: string, lineId: string | null): Promise<void> {
  await tx.query(letGoStatement, [tx.tenantId, transferId, lineId]);
}

export async function deleteLine(tx: Tx, transferId: string, lineId: string): Promise<void> {
  await tx.query(removeStatement, [tx.tenantId, transferId, lineId]);
}
