import { sql, type Database, type Tx } from '@onecount/db';
import type { HeldItem, HoldOutcome, HoldRequest, HoldRow } from './hold.ts';

const placeStatement = sql('inventory.hold-place', 'SELECT hold_place($1, $2, $3) AS answer');

/** One statement, one commit; answers in the order of the requests, `item` null for an unknown SKU. */
export async function placeHolds(
  db: Database,
  batch: { tenantId: string; sku: string; requests: HoldRequest[] },
): Promise<{ item: HeldItem | null; answers: HoldOutcome[] }> {
  const values = [batch.tenantId, batch.sku, JSON.stringify(batch.requests)];
  const [row] = await db.statement<{ answer: { item: HeldItem | null; answers: HoldOutcome[] } }>(
    placeStatement,
    values,
  );
  return row!.answer;
}

export type ReleaseOutcome =
  | { outcome: 'RELEASED'; holdId: string }
  | { outcome: 'NO_SUCH_HOLD' }
  | { outcome: 'NOT_LIVE'; status: HoldRow['status'] }
  | { outcome: 'OF_A_SALE'; referenceId: string }
  | { outcome: 'KEY_REUSED' };

const releaseStatement = sql(
  'inventory.hold-release',
  'SELECT hold_release($1, $2, $3, $4) AS answer',
);

/** `ownedBy` null: a hold of anybody in the tenant. */
export async function releaseHold(
  db: Database,
  release: { tenantId: string; holdId: string; idempotencyKey: string; ownedBy: string | null },
): Promise<ReleaseOutcome> {
  const { tenantId, holdId, idempotencyKey, ownedBy } = release;
  const values = [tenantId, holdId, idempotencyKey, ownedBy];
  const [row] = await db.statement<{ answer: ReleaseOutcome }>(releaseStatement, values);
  return row!.answer;
}

// A live hold whose time is over is shown as what it is.
export const holdColumns = `
  h.id, h.kind,
  CASE WHEN h.status = 'LIVE' AND h.expires_at <= statement_timestamp() THEN 'EXPIRED' ELSE h.status END AS status,
  h.stock_item_id AS "stockItemId", h.location_id AS "locationId", h.quantity, h.serial_unit_id AS "serialUnitId",
  h.purpose, h.channel, h.subject, h.reference_kind AS "referenceKind", h.reference_id AS "referenceId",
  h.expires_at AS "expiresAt", h.created_at AS "createdAt"`;

const byIdsStatement = sql(
  'inventory.hold-by-ids',
  `SELECT ${holdColumns} FROM hold h WHERE h.tenant_id = $1 AND h.id = ANY ($2::uuid[])`,
);

export function selectHolds(tx: Tx, ids: readonly string[]): Promise<HoldRow[]> {
  return tx.query<HoldRow>(byIdsStatement, [tx.tenantId, ids]);
}

const liveStatement = sql(
  'inventory.hold-live-of-item',
  `SELECT ${holdColumns} FROM hold h
   WHERE h.tenant_id = $1 AND h.stock_item_id = $2 AND h.status = 'LIVE'
     AND (h.expires_at IS NULL OR h.expires_at > statement_timestamp())
     AND ($3::uuid IS NULL OR h.id > $3)
   ORDER BY h.id LIMIT $4`,
);

export function selectLiveHolds(
  tx: Tx,
  page: { stockItemId: string; after: string | undefined; limit: number },
): Promise<HoldRow[]> {
  return tx.query<HoldRow>(liveStatement, [
    tx.tenantId,
    page.stockItemId,
    page.after ?? null,
    page.limit,
  ]);
}

const sweepStatement = sql('inventory.hold-sweep', 'SELECT hold_sweep($1) AS settled');

/** Settles at most so many levels with expired holds, of any tenant; answers how many holds. */
export async function sweepHolds(db: Database, levelsMax: number): Promise<number> {
  return db.asSystem('sweeper', async (tx) => {
    const [row] = await tx.query<{ settled: number }>(sweepStatement, [levelsMax]);
    return row!.settled;
  });
}
