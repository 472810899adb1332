import { sql, type Database, type Tx } from '@onecount/db';
import type { Refusal } from '@onecount/refusal';
import type {
  HeldItem,
  HoldChangeOutcome,
  HoldOutcome,
  HoldRequest,
  HoldRow,
  HoldStatus,
  HoldTakeover,
} from './hold.ts';

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

const placeAllStatement = sql(
  'inventory.hold-place-all',
  'SELECT hold_place_all($1, $2) AS answer',
);

/** Requests for several SKUs, in the caller's transaction: it rolls back when one is refused. */
export async function placeAllHolds(
  tx: Tx,
  requests: readonly (HoldRequest & { sku: string })[],
): Promise<(HoldOutcome & { item: HeldItem | null })[]> {
  const values = [tx.tenantId, JSON.stringify(requests)];
  const [row] = await tx.query<{ answer: (HoldOutcome & { item: HeldItem | null })[] }>(
    placeAllStatement,
    values,
  );
  return row!.answer;
}

export type ReleaseOutcome =
  | { outcome: 'RELEASED'; holdId: string; releasedId: string }
  | { outcome: 'KEY_REUSED' }
  | { outcome: 'KEPT'; operation: string; inputHash: string; refusal: Refusal | null }
  | Exclude<HoldChangeOutcome, { outcome: 'DONE' }>;

const releaseStatement = sql(
  'inventory.hold-release-part',
  'SELECT hold_release($1, $2, $3, $4, $5) AS answer',
);

/** `ownedBy` null: a hold of anybody in the tenant. `quantity` null: all of it. */
export async function releaseHold(
  db: Database,
  release: {
    tenantId: string;
    holdId: string;
    idempotencyKey: string;
    ownedBy: string | null;
    quantity: number | null;
  },
): Promise<ReleaseOutcome> {
  const { tenantId, holdId, idempotencyKey, ownedBy, quantity } = release;
  const values = [tenantId, holdId, idempotencyKey, ownedBy, quantity];
  const [row] = await db.statement<{ answer: ReleaseOutcome }>(releaseStatement, values);
  return row!.answer;
}

const extendStatement = sql(
  'inventory.hold-extend',
  'SELECT hold_extend($1, $2, $3, $4) AS answer',
);

export async function extendHold(
  tx: Tx,
  of: { holdId: string; ownedBy: string | null; holdSeconds: number },
): Promise<HoldChangeOutcome> {
  const values = [tx.tenantId, of.holdId, of.ownedBy, of.holdSeconds];
  const [row] = await tx.query<{ answer: HoldChangeOutcome }>(extendStatement, values);
  return row!.answer;
}

const hardenStatement = sql('inventory.hold-harden', 'SELECT hold_harden($1, $2) AS answer');

export async function hardenHold(tx: Tx, holdId: string): Promise<HoldChangeOutcome> {
  const values = [tx.tenantId, holdId];
  const [row] = await tx.query<{ answer: HoldChangeOutcome }>(hardenStatement, values);
  return row!.answer;
}

// A live hold whose time is over is shown as what it is.
export const holdColumns = `
  h.id, h.kind,
  CASE WHEN h.status = 'LIVE' AND h.expires_at <= statement_timestamp() THEN 'EXPIRED' ELSE h.status END AS status,
  h.stock_item_id AS "stockItemId", h.location_id AS "locationId", h.quantity, h.serial_unit_id AS "serialUnitId",
  h.purpose, h.channel, h.subject, h.reference_kind AS "referenceKind", h.reference_id AS "referenceId",
  h.expires_at AS "expiresAt", h.created_at AS "createdAt", h.split_from AS "splitFromId"`;

const byIdsStatement = sql(
  'inventory.hold-by-ids',
  `SELECT ${holdColumns} FROM hold h WHERE h.tenant_id = $1 AND h.id = ANY ($2::uuid[])`,
);

export function selectHolds(tx: Tx, ids: readonly string[]): Promise<HoldRow[]> {
  return tx.query<HoldRow>(byIdsStatement, [tx.tenantId, ids]);
}

const takeoversStatement = sql(
  'inventory.hold-takeovers',
  `SELECT k.hold_id AS id, k.taken_at AS at, k.taken_by AS by, k.ground, k.reason, k.subject AS "fromSubject",
     k.purpose AS "fromPurpose"
   FROM hold_takeover k WHERE k.tenant_id = $1 AND k.hold_id = ANY ($2::uuid[])`,
);

export function selectTakeovers(tx: Tx, holdIds: readonly string[]): Promise<HoldTakeover[]> {
  return tx.query<HoldTakeover>(takeoversStatement, [tx.tenantId, holdIds]);
}

/** In the order of the ids. */
export async function readHolds(
  db: Database,
  tenantId: string,
  ids: readonly string[],
): Promise<HoldRow[]> {
  const rows = await db.read(tenantId, (tx) => selectHolds(tx, ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)!);
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

export type HoldFilter = {
  stockItemId?: string;
  locationId?: string;
  purpose?: string;
  subject?: string;
  referenceKind?: string;
  referenceId?: string;
  status?: HoldStatus;
};

// As the hold is shown: what has expired is not live, settled or not.
const statusConditions: Record<HoldStatus, string> = {
  LIVE: `h.status = 'LIVE' AND (h.expires_at IS NULL OR h.expires_at > statement_timestamp())`,
  EXPIRED: `(h.status = 'EXPIRED' OR (h.status = 'LIVE' AND h.expires_at <= statement_timestamp()))`,
  SOLD: `h.status = 'SOLD'`,
  RELEASED: `h.status = 'RELEASED'`,
};

const statuses = Object.keys(statusConditions) as HoldStatus[];
type PageCondition = {
  name: keyof HoldFilter | 'before';
  isBound: boolean;
  textOf(value: string, parameter: string): string;
};
const bound = (name: PageCondition['name'], text: string): PageCondition => ({
  name,
  isBound: true,
  textOf: (_, parameter) => `${text} ${parameter}`,
});
const pageConditions: PageCondition[] = [
  bound('stockItemId', 'h.stock_item_id ='),
  bound('locationId', 'h.location_id ='),
  bound('purpose', 'h.purpose ='),
  bound('subject', 'h.subject ='),
  bound('referenceKind', 'h.reference_kind ='),
  bound('referenceId', 'h.reference_id ='),
  bound('before', 'h.id <'),
  { name: 'status', isBound: false, textOf: (value) => statusConditions[value as HoldStatus] },
];

/** Newest first. A statement for each set of filters, so that each has the plan of its index. */
export function selectHoldPage(
  tx: Tx,
  filter: HoldFilter,
  page: { before: string | undefined; limit: number },
): Promise<HoldRow[]> {
  const values: unknown[] = [tx.tenantId, page.limit];
  const conditions: string[] = ['h.tenant_id = $1'];
  const places: number[] = [];
  const given = { ...filter, before: page.before };
  pageConditions.forEach(({ name, isBound, textOf }, place) => {
    const value = given[name];
    if (value === undefined) return;
    if (isBound) values.push(value);
    conditions.push(textOf(value, `$${values.length}`));
    // A status is part of the text.
    places.push(isBound ? place : place + statuses.indexOf(value as HoldStatus));
  });
  const text = `SELECT ${holdColumns} FROM hold h WHERE ${conditions.join(' AND ')} ORDER BY h.id DESC LIMIT $2`;
  return tx.query<HoldRow>(sql(`inventory.hold-page.${places.join('-')}`, text), values);
}

const sweepStatement = sql('inventory.hold-sweep', 'SELECT hold_sweep($1) AS settled');

/** Settles at most so many levels with expired holds, of any tenant; answers how many holds. */
export async function sweepHolds(db: Database, levelsMax: number): Promise<number> {
  const [row] = await db.statement<{ settled: number }>(sweepStatement, [levelsMax]);
  return row!.settled;
}
