import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { BlockedLine } from './stocktake.errors.ts';
import type { StocktakeLineRow, StocktakeRow, StocktakeScope } from './stocktake.ts';

const columns = `
  s.id, s.location_id AS "locationId", s.scope, s.scope_value AS "scopeValue", s.is_blind AS "isBlind", s.note, s.status,
  s.created_by AS "createdBy", s.created_at AS "createdAt", s.reviewed_at AS "reviewedAt", s.reviewed_by AS "reviewedBy",
  s.ended_at AS "endedAt", s.ended_by AS "endedBy"`;

const insertStatement = sql(
  'inventory.stocktake-insert',
  `INSERT INTO stocktake (tenant_id, location_id, scope, scope_value, is_blind, note, created_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
);

export async function insertStocktake(
  tx: Tx,
  stocktake: {
    locationId: string;
    scope: StocktakeScope;
    scopeValue: string | null;
    isBlind: boolean;
    note: string | null;
    createdBy: string;
  },
): Promise<string> {
  const { locationId, scope, scopeValue, isBlind, note, createdBy } = stocktake;
  const values = [tx.tenantId, locationId, scope, scopeValue, isBlind, note, createdBy];
  return exactlyOne(await tx.query<{ id: string }>(insertStatement, values)).id;
}

const byIdsStatement = sql(
  'inventory.stocktake-by-ids',
  `SELECT ${columns} FROM stocktake s WHERE s.tenant_id = $1 AND s.id = ANY ($2::uuid[])`,
);

export function selectStocktakes(tx: Tx, ids: readonly string[]): Promise<StocktakeRow[]> {
  return tx.query<StocktakeRow>(byIdsStatement, [tx.tenantId, ids]);
}

const pageStatement = sql(
  'inventory.stocktake-page',
  `SELECT ${columns} FROM stocktake s
   WHERE s.tenant_id = $1 AND ($2::uuid IS NULL OR s.id < $2) ORDER BY s.id DESC LIMIT $3`,
);

/** Newest first. */
export function selectStocktakePage(
  tx: Tx,
  page: { before: string | undefined; limit: number },
): Promise<StocktakeRow[]> {
  return tx.query<StocktakeRow>(pageStatement, [tx.tenantId, page.before ?? null, page.limit]);
}

// Many devices bring scans at once and only keep its end away; whoever changes the count is alone with it.
const lockStatements = {
  SHARE: sql(
    'inventory.stocktake-lock-share',
    `SELECT ${columns} FROM stocktake s WHERE s.tenant_id = $1 AND s.id = $2 FOR SHARE`,
  ),
  CHANGE: sql(
    'inventory.stocktake-lock-change',
    `SELECT ${columns} FROM stocktake s WHERE s.tenant_id = $1 AND s.id = $2 FOR NO KEY UPDATE`,
  ),
};

export async function lockStocktake(
  tx: Tx,
  id: string,
  mode: keyof typeof lockStatements,
): Promise<StocktakeRow | undefined> {
  const [row] = await tx.query<StocktakeRow>(lockStatements[mode], [tx.tenantId, id]);
  return row;
}

const reopenStatement = sql(
  'inventory.stocktake-reopen',
  `UPDATE stocktake SET status = 'COUNTING' WHERE tenant_id = $1 AND id = $2 AND status = 'REVIEW'`,
);

/** A count under review is being counted again. */
export async function reopenStocktake(tx: Tx, id: string): Promise<void> {
  await tx.query(reopenStatement, [tx.tenantId, id]);
}

const reviewStatement = sql(
  'inventory.stocktake-review',
  `UPDATE stocktake SET status = 'REVIEW', reviewed_at = clock_timestamp(), reviewed_by = $3
   WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
const computeStatement = sql(
  'inventory.stocktake-compute',
  'SELECT stocktake_compute($1, $2, NULL)',
);

/** Writes the lines anew. The caller holds the count alone. */
export async function reviewStocktake(tx: Tx, id: string, reviewedBy: string): Promise<void> {
  exactlyOne(await tx.query(reviewStatement, [tx.tenantId, id, reviewedBy]));
  await tx.query(computeStatement, [tx.tenantId, id]);
}

const cancelStatement = sql(
  'inventory.stocktake-cancel',
  `UPDATE stocktake SET status = 'CANCELLED', ended_at = clock_timestamp(), ended_by = $3
   WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

export async function cancelStocktake(tx: Tx, id: string, endedBy: string): Promise<void> {
  exactlyOne(await tx.query(cancelStatement, [tx.tenantId, id, endedBy]));
}

// Only what belongs to the count: scanned, or a line of its review.
const recountStatement = sql(
  'inventory.stocktake-recount',
  `INSERT INTO stocktake_recount (tenant_id, stocktake_id, stock_item_id, since, requested_by)
   SELECT DISTINCT $1::uuid, $2::uuid, i.id, clock_timestamp(), $4
   FROM stock_item i
   WHERE i.tenant_id = $1 AND i.id IN (
     SELECT n.stock_item_id FROM stocktake_line n
     WHERE n.tenant_id = $1 AND n.stocktake_id = $2 AND ($3::uuid[] IS NULL AND n.needs_recount OR n.stock_item_id = ANY ($3::uuid[]))
     UNION SELECT c.stock_item_id FROM stocktake_scan c
     WHERE c.tenant_id = $1 AND c.stocktake_id = $2 AND c.outcome = 'COUNTED' AND c.stock_item_id = ANY ($3::uuid[]))
   RETURNING stock_item_id AS "stockItemId"`,
);

/** What was scanned of the items until now no longer counts; null: of those that need it. Answers which they are. */
export async function recountItems(
  tx: Tx,
  recount: { stocktakeId: string; stockItemIds: string[] | null; requestedBy: string },
): Promise<string[]> {
  const { stocktakeId, stockItemIds, requestedBy } = recount;
  const values = [tx.tenantId, stocktakeId, stockItemIds, requestedBy];
  const rows = await tx.query<{ stockItemId: string }>(recountStatement, values);
  return rows.map((row) => row.stockItemId);
}

export type PostStep = { stocktakeId: string; countMissingAsZero: boolean; exclude: string[] };
/** Lines of items that moved since the count began, or of the others. */
export type Half = { isSelling: boolean };
export type Blocked =
  | { outcome: 'SALES_IN_FLIGHT'; saleIds: string[] }
  | { outcome: 'BLOCKED'; count: number; lines: BlockedLine[] };
export type Locked = {
  outcome: 'LOCKED';
  locationId: string;
  units: { unitId: string; isFound: boolean }[];
};

// A whole shop takes longer than a request may, and so does waiting for a twin of the same key; a level is
// waited for no longer than anybody waits.
const longStatement = sql(
  'inventory.stocktake-long',
  "SELECT set_config('statement_timeout', '120s', true), set_config('lock_timeout', $1, true)",
);
const prepareStatement = sql(
  'inventory.stocktake-prepare',
  'SELECT stocktake_prepare($1, $2, $3, $4) AS answer',
);
const lockLinesStatement = sql(
  'inventory.stocktake-lock-lines',
  'SELECT stocktake_lock($1, $2, $3, $4, $5) AS answer',
);
const writeStatement = sql(
  'inventory.stocktake-write',
  'SELECT stocktake_write($1, $2, $3, $4, $5, $6, $7) AS movements',
);

const valuesOf = (tx: Tx, step: PostStep) => [
  tx.tenantId,
  step.stocktakeId,
  step.countMissingAsZero,
  step.exclude,
];

/** Before the key is taken, and again (`isAlone`) behind it. */
export async function allowLong(tx: Tx, { isAlone = false } = {}): Promise<void> {
  await tx.query(longStatement, [isAlone ? '5s' : '60s']);
}

/** All that can be done before a level is locked. */
export async function preparePosting(
  tx: Tx,
  step: PostStep,
): Promise<Blocked | { outcome: 'READY' }> {
  type Row = { answer: Blocked | { outcome: 'READY' } };
  return exactlyOne(await tx.query<Row>(prepareStatement, valuesOf(tx, step))).answer;
}

/** Locks what will change and decides; answers the units whose status is to change. */
export async function lockPosting(tx: Tx, step: PostStep & Half): Promise<Blocked | Locked> {
  type Row = { answer: Blocked | Locked };
  return exactlyOne(
    await tx.query<Row>(lockLinesStatement, [...valuesOf(tx, step), step.isSelling]),
  ).answer;
}

/** Movements, levels, events; behind what sells the end of the count. Answers how many movements. */
export async function writePosting(
  tx: Tx,
  step: PostStep & Half,
  by: { actor: string; traceparent: string | null },
): Promise<number> {
  const values = [...valuesOf(tx, step), step.isSelling, by.actor, by.traceparent];
  return exactlyOne(await tx.query<{ movements: number }>(writeStatement, values)).movements;
}

const unitLinesStatement = sql(
  'inventory.stocktake-unit-lines',
  `SELECT n.stock_item_id AS "stockItemId", n.sku, n.serial_unit_id AS "serialUnitId", 'UNIT_CHANGED' AS reason, n.change, NULL AS available
   FROM stocktake_line n WHERE n.tenant_id = $1 AND n.stocktake_id = $2 AND n.serial_unit_id = ANY ($3::uuid[])
   ORDER BY n.sku, n.id LIMIT 100`,
);

/** The lines of units that somebody else changed under the posting. */
export function selectUnitLines(
  tx: Tx,
  stocktakeId: string,
  unitIds: readonly string[],
): Promise<BlockedLine[]> {
  return tx.query<BlockedLine>(unitLinesStatement, [tx.tenantId, stocktakeId, unitIds]);
}

// Posted: the movement has the line's id.
const linesStatement = sql(
  'inventory.stocktake-lines',
  `SELECT n.id, n.sku, n.stock_item_id AS "stockItemId", n.serial_unit_id AS "serialUnitId", n.finding, n.counted, n.expected,
     n.last_at AS "expectedAt", n.counted - n.expected AS difference, n.needs_recount AS "needsRecount",
     s.status = 'POSTED' AND n.change IS NOT NULL AND (s.count_missing_as_zero OR n.finding <> 'NOT_COUNTED')
       AND n.stock_item_id <> ALL (s.excluded_item_ids) AS "isPosted"
   FROM stocktake_line n JOIN stocktake s ON s.tenant_id = n.tenant_id AND s.id = n.stocktake_id
   WHERE n.tenant_id = $1 AND n.stocktake_id = $2 AND ($3::text IS NULL OR (n.sku, n.id) > ($3, $4::uuid))
   ORDER BY n.sku, n.id LIMIT $5`,
);
const differencesStatement = sql(
  'inventory.stocktake-differences',
  linesStatement.text.replace(
    'ORDER BY',
    "AND (n.finding <> 'MATCHES' OR n.needs_recount)\n   ORDER BY",
  ),
);

export function selectStocktakeLines(
  tx: Tx,
  page: {
    stocktakeId: string;
    filter: 'ALL' | 'DIFFERENCES';
    after: string[] | undefined;
    limit: number;
  },
): Promise<StocktakeLineRow[]> {
  const [sku, id] = page.after ?? [];
  const values = [tx.tenantId, page.stocktakeId, sku ?? null, id ?? null, page.limit];
  return tx.query<StocktakeLineRow>(
    page.filter === 'ALL' ? linesStatement : differencesStatement,
    values,
  );
}

export type StocktakeSummary = {
  id: string;
  scans: number;
  lines: number;
  differences: number;
  notCounted: number;
  needingRecount: number;
};
const summaryStatement = sql(
  'inventory.stocktake-summaries',
  `SELECT k.id, c.scans, n.lines, n.differences, n."notCounted", n."needingRecount" FROM unnest($2::uuid[]) AS k (id)
   CROSS JOIN LATERAL (
     SELECT count(*)::integer AS scans FROM stocktake_scan x JOIN stocktake_batch b ON b.tenant_id = x.tenant_id AND b.id = x.batch_id
     WHERE b.tenant_id = $1 AND b.stocktake_id = k.id) c
   CROSS JOIN LATERAL (
     SELECT count(*)::integer AS lines, (count(*) FILTER (WHERE x.finding NOT IN ('MATCHES', 'NOT_COUNTED')))::integer AS differences,
       (count(*) FILTER (WHERE x.finding = 'NOT_COUNTED'))::integer AS "notCounted",
       (count(*) FILTER (WHERE x.needs_recount))::integer AS "needingRecount"
     FROM stocktake_line x WHERE x.tenant_id = $1 AND x.stocktake_id = k.id) n`,
);

/** One row for each id. */
export function selectStocktakeSummaries(
  tx: Tx,
  ids: readonly string[],
): Promise<StocktakeSummary[]> {
  return tx.query<StocktakeSummary>(summaryStatement, [tx.tenantId, ids]);
}
