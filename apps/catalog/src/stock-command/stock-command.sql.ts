import { exactlyOne, sql, uuidv7, type Tx } from '@onecount/db';
import { unitsTotal, type CountLine, type StockItemLine, type StockLine } from './stock-command.ts';

export type StockCommandRow = {
  tenantId: string;
  id: string;
  /** Null for counts of a file. */
  productId: string | null;
  importId: string | null;
  /** Commands of one bundle go to inventory together while it takes them so; null: alone. */
  bundleId: string | null;
  idempotencyKey: string;
  items: StockItemLine[];
  lines: StockLine[];
  counts: CountLine[] | null;
  isOverwriting: boolean;
  status: 'PENDING' | 'DELIVERED' | 'REFUSED';
  attempts: number;
  reason: string | null;
};

const columns = `tenant_id AS "tenantId", id, product_id AS "productId", import_id AS "importId",
  bundle_id AS "bundleId", idempotency_key AS "idempotencyKey", items, lines, counts, is_overwriting AS "isOverwriting",
  status, attempts, reason`;

// Whoever wrote the command delivers it right after the commit; the worker comes only when that one
// has had its time and did not.
const insert = sql(
  'catalog.stock-commands-insert',
  `INSERT INTO stock_command
     (tenant_id, id, product_id, import_id, bundle_id, idempotency_key, items, lines, units, next_attempt_at)
   SELECT $1, n.id, n."productId", n."importId", n."bundleId", n."idempotencyKey", n.items, n.lines, n.units,
     clock_timestamp() + interval '6 seconds'
   FROM jsonb_to_recordset($2::jsonb) AS n (id uuid, "productId" uuid, "importId" uuid, "bundleId" uuid,
     "idempotencyKey" text, items jsonb, lines jsonb, units bigint)`,
);
const insertCounts = sql(
  'catalog.stock-command-insert-counts',
  `INSERT INTO stock_command
     (tenant_id, id, import_id, idempotency_key, items, lines, counts, is_overwriting, units, next_attempt_at)
   VALUES ($1, $2, $3, $4, '[]', '[]', $5::jsonb, $6, 0, clock_timestamp() + interval '6 seconds')`,
);
const byId = sql(
  'catalog.stock-command-by-id',
  `SELECT ${columns} FROM stock_command WHERE tenant_id = $1 AND id = $2`,
);
const byBundle = sql(
  'catalog.stock-commands-of-bundle',
  `SELECT ${columns} FROM stock_command WHERE tenant_id = $1 AND bundle_id = $2 ORDER BY id`,
);
const dissolve = sql(
  'catalog.stock-bundle-dissolve',
  'UPDATE stock_command SET bundle_id = NULL WHERE tenant_id = $1 AND bundle_id = $2',
);
const settleAll = sql(
  'catalog.stock-bundle-settle',
  `UPDATE stock_command SET status = 'DELIVERED', settled_at = clock_timestamp()
   WHERE tenant_id = $1 AND bundle_id = $2 AND status = 'PENDING'`,
);
const settle = sql(
  'catalog.stock-command-settle',
  `UPDATE stock_command SET status = $3, reason = $4, settled_at = clock_timestamp()
   WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING'
   RETURNING id`,
);

// Taken rows are put off first, so that two workers share the work and a crash only delays it.
const take = sql(
  'catalog.stock-command-take',
  `UPDATE stock_command c
   SET attempts = c.attempts + 1,
       next_attempt_at = clock_timestamp()
         + make_interval(secs => least(power(2, least(c.attempts, 6)), 60)) + interval '5 seconds'
   FROM (
     SELECT tenant_id, id FROM stock_command
     WHERE status = 'PENDING' AND next_attempt_at <= clock_timestamp()
     ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
   ) due
   WHERE c.tenant_id = due.tenant_id AND c.id = due.id
   RETURNING c.tenant_id AS "tenantId", c.id, c.bundle_id AS "bundleId"`,
);
const awaiting = sql(
  'catalog.stock-command-awaiting',
  `SELECT FROM stock_command c JOIN variant v ON v.tenant_id = c.tenant_id AND v.product_id = c.product_id
   WHERE c.tenant_id = $1 AND v.id = $2 AND c.status = 'PENDING'
     AND c.items @> jsonb_build_array(jsonb_build_object('variantId', v.id)) LIMIT 1`,
);

/** Whether inventory has not answered yet to what there is of the variant from the start. */
export async function awaitsOpeningStock(tx: Tx, variantId: string): Promise<boolean> {
  return (await tx.query(awaiting, [tx.tenantId, variantId])).length > 0;
}

export type NewStockCommand = Pick<
  StockCommandRow,
  'id' | 'productId' | 'importId' | 'bundleId' | 'idempotencyKey' | 'items' | 'lines'
>;

export async function insertStockCommands(
  tx: Tx,
  commands: readonly NewStockCommand[],
): Promise<void> {
  if (commands.length === 0) return;
  const rows = commands.map((command) => ({ ...command, units: unitsTotal(command.lines) }));
  await tx.query(insert, [tx.tenantId, JSON.stringify(rows)]);
}

/** Notes what a file says is on hand; answers the command's id. */
export async function storeCounts(
  tx: Tx,
  {
    importId,
    isOverwriting,
    counts,
  }: { importId: string; isOverwriting: boolean; counts: CountLine[] },
): Promise<string> {
  const id = uuidv7();
  const values = [`catalog:counts:${id}`, JSON.stringify(counts), isOverwriting];
  await tx.query(insertCounts, [tx.tenantId, id, importId, ...values]);
  return id;
}

/** A bundle in its order, whatever came of its commands so far. */
export function stockCommandsOfBundle(tx: Tx, bundleId: string): Promise<StockCommandRow[]> {
  return tx.query<StockCommandRow>(byBundle, [tx.tenantId, bundleId]);
}

/** From now on each of its commands goes alone, under its own key. */
export async function dissolveBundle(tx: Tx, bundleId: string): Promise<void> {
  await tx.query(dissolve, [tx.tenantId, bundleId]);
}

/** Every command of the bundle that is pending is delivered. */
export async function settleBundle(tx: Tx, bundleId: string): Promise<void> {
  await tx.query(settleAll, [tx.tenantId, bundleId]);
}

export async function stockCommandById(tx: Tx, id: string): Promise<StockCommandRow> {
  return exactlyOne(await tx.query<StockCommandRow>(byId, [tx.tenantId, id]));
}

/** Whether it was this call that settled the command: a twin may have been faster. */
export async function settleStockCommand(
  tx: Tx,
  id: string,
  outcome: { status: 'DELIVERED' | 'REFUSED'; reason: string | null },
): Promise<boolean> {
  const rows = await tx.query(settle, [tx.tenantId, id, outcome.status, outcome.reason]);
  return rows.length === 1;
}

export function takeDueStockCommands(tx: Tx, limit: number) {
  return tx.query<{ tenantId: string; id: string; bundleId: string | null }>(take, [limit]);
}
