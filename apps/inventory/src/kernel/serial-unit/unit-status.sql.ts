import { sql, type Tx } from '@onecount/db';
import { documentKinds } from '../hold/hold.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';

/** A locked unit with what claims it. */
export type LockedUnit = {
  id: string;
  stockItemId: string;
  sku: string;
  title: string;
  tracking: 'NONE' | 'QUANTITY' | 'SERIAL';
  serial: string | null;
  stockNumber: string | null;
  status: SerialUnitStatus;
  locationId: string;
  claimId: string | null;
  heldBy: string | null;
  heldUntil: Date | null;
};

const itemsStatement = sql(
  'inventory.unit-items',
  `SELECT id AS "unitId", stock_item_id AS "stockItemId" FROM serial_unit
   WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
);
const itemLockStatement = sql(
  'inventory.unit-item-lock',
  `SELECT id FROM stock_item WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR SHARE`,
);

/** The items of units by unit, locked against a change of their tracking; a unit never changes its item. */
export async function lockItemsOfUnits(
  tx: Tx,
  unitIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.query<{ unitId: string; stockItemId: string }>(itemsStatement, [
    tx.tenantId,
    unitIds,
  ]);
  const itemOf = new Map(rows.map(({ unitId, stockItemId }) => [unitId, stockItemId]));
  await lockItems(tx, [...new Set(itemOf.values())]);
  return itemOf;
}

export async function lockItems(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(itemLockStatement, [tx.tenantId, ids]);
}

const unitsStatement = sql(
  'inventory.unit-lock-with-claim',
  `SELECT u.id, u.stock_item_id AS "stockItemId", i.sku, i.title, i.tracking, u.serial,
          u.stock_number AS "stockNumber", u.status, u.location_id AS "locationId", h.id AS "claimId",
          CASE WHEN h.reference_kind = 'SALE' THEN 'SALE' ELSE h.purpose END AS "heldBy", h.expires_at AS "heldUntil"
   FROM serial_unit u
   CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = u.tenant_id AND x.id = u.stock_item_id OFFSET 0) i
   LEFT JOIN LATERAL (
     SELECT * FROM hold x
     WHERE x.tenant_id = u.tenant_id AND x.serial_unit_id = u.id AND x.status IN ('LIVE', 'SOLD') OFFSET 0) h ON true
   WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[])
   ORDER BY u.id FOR NO KEY UPDATE OF u`,
);

/** The caller has locked every level of their items. */
export function lockUnits(tx: Tx, ids: readonly string[]): Promise<LockedUnit[]> {
  return tx.query<LockedUnit>(unitsStatement, [tx.tenantId, ids]);
}

// hold_let_go releases what is live and lowers the levels; units that are not HELD keep their status.
const letGoStatement = sql(
  'inventory.unit-hold-let-go',
  'SELECT hold_let_go($1, $2, NULL, clock_timestamp()) AS count',
);

export async function releaseKept(tx: Tx, holdIds: readonly string[]): Promise<void> {
  if (holdIds.length > 0) await tx.query(letGoStatement, [tx.tenantId, holdIds]);
}

// settled_at stays the instant of the sale: that is when the claim stopped counting as committed.
const endSoldStatement = sql(
  'inventory.unit-sold-hold-end',
  `UPDATE hold SET status = 'RELEASED'
   WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND status = 'SOLD'`,
);

/** The claims of the sales that units come back from: a unit has one claim, and may be sold again. */
export async function endSoldClaims(tx: Tx, holdIds: readonly string[]): Promise<void> {
  if (holdIds.length > 0) await tx.query(endSoldStatement, [tx.tenantId, holdIds]);
}

export type KeptUnit = {
  stockItemId: string;
  locationId: string;
  unitId: string;
  purpose: 'REPAIR' | 'INSPECTION';
};

const keepStatement = sql(
  'inventory.unit-hold-keep',
  `INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, serial_unit_id, purpose, subject,
     reference_kind, reference_id, created_at)
   SELECT $1, 'HARD', x."stockItemId", x."locationId", 1, x."unitId", x.purpose, $3, $4, $5, clock_timestamp()
   FROM jsonb_to_recordset($2) AS x ("stockItemId" uuid, "locationId" uuid, "unitId" uuid, purpose text)`,
);
const commitStatement = sql(
  'inventory.unit-hold-commit',
  `SELECT level_change($1, s.item, s.place, 0, s.count::integer, clock_timestamp())
   FROM (SELECT x."stockItemId" AS item, x."locationId" AS place, count(*) AS count
         FROM jsonb_to_recordset($2) AS x ("stockItemId" uuid, "locationId" uuid) GROUP BY 1, 2) s`,
);

/** Hard holds on units at the bench or under inspection. */
export async function placeKept(
  tx: Tx,
  kept: readonly KeptUnit[],
  by: { actor: string; referenceKind: string | null; referenceId: string | null },
): Promise<void> {
  if (kept.length === 0) return;
  const rows = JSON.stringify(kept);
  // Such a document would take the hold for one of its own, and let it go when it ends.
  const reference = documentKinds.includes(by.referenceKind ?? '')
    ? [null, null]
    : [by.referenceKind, by.referenceId];
  await tx.query(keepStatement, [tx.tenantId, rows, by.actor, ...reference]);
  await tx.query(commitStatement, [tx.tenantId, rows]);
}
