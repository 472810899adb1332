import { exactlyOne, sql, type Tx } from '@onecount/db';
import { codeKey } from '@onecount/refusal';
import type { RefusedScan, Scan } from './stocktake.ts';

/** Counts of a batch and the first of each kind: what its device is answered. */
export type BatchAnswer = {
  accepted: number;
  unknown: number;
  unknownCodes: string[];
  duplicate: number;
  duplicateCodes: string[];
  outOfScope: number;
  outOfScopeCodes: string[];
  refused: number;
  refusedScans: RefusedScan[];
};

const nowStatement = sql('inventory.stocktake-now', 'SELECT clock_timestamp() AS now');

export async function databaseNow(tx: Tx): Promise<Date> {
  return exactlyOne(await tx.query<{ now: Date }>(nowStatement)).now;
}

type Batch = {
  stocktakeId: string;
  device: string;
  batchKey: string;
  contentHash: string;
  countedBy: string;
};

// A twin that is under way is waited for: the loser reads its answer.
const insertBatchStatement = sql(
  'inventory.stocktake-batch-insert',
  `INSERT INTO stocktake_batch (tenant_id, stocktake_id, device, batch_key, content_hash, counted_by, answer)
   VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT ON CONSTRAINT stocktake_batch_once DO NOTHING RETURNING id`,
);
const batchStatement = sql(
  'inventory.stocktake-batch',
  `SELECT content_hash AS "contentHash", answer FROM stocktake_batch
   WHERE tenant_id = $1 AND stocktake_id = $2 AND device = $3 AND batch_key = $4`,
);

/** The batch that came before under this key, if one did. */
export async function selectBatch(
  tx: Tx,
  batch: Pick<Batch, 'stocktakeId' | 'device' | 'batchKey'>,
): Promise<{ contentHash: string; answer: BatchAnswer } | undefined> {
  const values = [tx.tenantId, batch.stocktakeId, batch.device, batch.batchKey];
  const [row] = await tx.query<{ contentHash: string; answer: BatchAnswer }>(
    batchStatement,
    values,
  );
  return row;
}

/** Undefined when a twin was faster. */
export async function insertBatch(
  tx: Tx,
  batch: Batch & { answer: BatchAnswer },
): Promise<string | undefined> {
  const { stocktakeId, device, batchKey, contentHash, countedBy, answer } = batch;
  const json = JSON.stringify(answer);
  const values = [tx.tenantId, stocktakeId, device, batchKey, contentHash, countedBy, json];
  const [row] = await tx.query<{ id: string }>(insertBatchStatement, values);
  return row?.id;
}

export type PlacedScan = Scan & {
  outcome: 'COUNTED' | 'UNKNOWN' | 'OUT_OF_SCOPE';
  target: { stockItemId: string; serialUnitId: string | null } | null;
};

const insertScansStatement = sql(
  'inventory.stocktake-scans-insert',
  `INSERT INTO stocktake_scan (tenant_id, stocktake_id, batch_id, ordinal, code, kind, quantity, outcome, stock_item_id, serial_unit_id, scanned_at)
   SELECT $1, $2, $3, x.ord - 1, x.code, x.kind, x.quantity, x.outcome, x.item, x.unit, x.at
   FROM unnest($4::text[], $5::text[], $6::integer[], $7::text[], $8::uuid[], $9::uuid[], $10::timestamptz[])
     WITH ORDINALITY AS x (code, kind, quantity, outcome, item, unit, at, ord)`,
);

export async function insertScans(
  tx: Tx,
  batch: { stocktakeId: string; batchId: string },
  scans: readonly PlacedScan[],
): Promise<void> {
  await tx.query(insertScansStatement, [
    tx.tenantId,
    batch.stocktakeId,
    batch.batchId,
    scans.map(({ code }) => code),
    scans.map(({ kind }) => kind),
    scans.map(({ quantity }) => quantity),
    scans.map(({ outcome }) => outcome),
    scans.map(({ target }) => target?.stockItemId ?? null),
    scans.map(({ target }) => target?.serialUnitId ?? null),
    scans.map(({ scannedAt }) => scannedAt),
  ]);
}

const inScopeStatement = sql(
  'inventory.stocktake-in-scope',
  `SELECT i.id FROM stock_item i JOIN stocktake s ON s.tenant_id = i.tenant_id AND s.id = $2
   WHERE i.tenant_id = $1 AND i.id = ANY ($3::uuid[]) AND i.tracking <> 'NONE'
     AND (s.scope = 'LOCATION' OR s.scope = 'CATEGORY' AND i.category = s.scope_value
       OR s.scope = 'SKU_PREFIX' AND starts_with(i.sku, s.scope_value))`,
);

/** Which of the items this count counts. */
export async function selectInScope(
  tx: Tx,
  stocktakeId: string,
  itemIds: readonly string[],
): Promise<Set<string>> {
  const values = [tx.tenantId, stocktakeId, itemIds];
  const rows = await tx.query<{ id: string }>(inScopeStatement, values);
  return new Set(rows.map(({ id }) => id));
}

// By item, which the index leads with; what was scanned before a recount of its item is no twin.
const knownStatement = sql(
  'inventory.stocktake-known',
  `SELECT DISTINCT c.serial_unit_id AS "serialUnitId", CASE WHEN c.kind = 'TAG' AND c.serial_unit_id IS NULL THEN code_key(c.code) END AS tag
   FROM stocktake_scan c
   WHERE c.tenant_id = $1 AND c.stocktake_id = $2 AND c.outcome = 'COUNTED' AND c.stock_item_id = ANY ($3::uuid[])
     AND (c.serial_unit_id = ANY ($4::uuid[]) OR c.serial_unit_id IS NULL AND c.kind = 'TAG' AND code_key(c.code) = ANY ($5::text[]))
     AND NOT EXISTS (SELECT FROM stocktake_recount r WHERE r.tenant_id = c.tenant_id AND r.stocktake_id = c.stocktake_id
                       AND r.stock_item_id = c.stock_item_id AND r.since >= c.scanned_at)`,
);

/** Units, and tags by what codes are compared by, of the batch that the count has already. */
export async function selectKnown(
  tx: Tx,
  of: { stocktakeId: string; itemIds: string[]; unitIds: string[]; tags: string[] },
): Promise<Set<string>> {
  const values = [tx.tenantId, of.stocktakeId, of.itemIds, of.unitIds, of.tags.map(codeKey)];
  const rows = await tx.query<{ serialUnitId: string | null; tag: string | null }>(
    knownStatement,
    values,
  );
  return new Set(rows.map(({ serialUnitId, tag }) => serialUnitId ?? `tag ${tag}`));
}

export type CodeRow = { code: string; scans: number; scannedAt: Date };
const codesStatement = sql(
  'inventory.stocktake-codes',
  `SELECT c.code, count(*)::integer AS scans, max(c.scanned_at) AS "scannedAt" FROM stocktake_scan c
   WHERE c.tenant_id = $1 AND c.stocktake_id = $2 AND c.outcome = $3 AND c.outcome <> 'COUNTED' AND ($4::text IS NULL OR c.code > $4)
   GROUP BY c.code ORDER BY c.code LIMIT $5`,
);

/** Codes that did not count. */
export function selectCodes(
  tx: Tx,
  page: {
    stocktakeId: string;
    outcome: 'UNKNOWN' | 'OUT_OF_SCOPE';
    after: string | undefined;
    limit: number;
  },
): Promise<CodeRow[]> {
  const values = [tx.tenantId, page.stocktakeId, page.outcome, page.after ?? null, page.limit];
  return tx.query<CodeRow>(codesStatement, values);
}

export type DuplicateRow = { serialUnitId: string; scans: number };
const duplicatesStatement = sql(
  'inventory.stocktake-duplicates',
  `SELECT c.serial_unit_id AS "serialUnitId", count(*)::integer AS scans FROM stocktake_scan c
   WHERE c.tenant_id = $1 AND c.stocktake_id = $2 AND c.outcome = 'COUNTED' AND c.serial_unit_id IS NOT NULL
     AND ($3::uuid IS NULL OR c.serial_unit_id > $3)
     AND NOT EXISTS (SELECT FROM stocktake_recount r WHERE r.tenant_id = c.tenant_id AND r.stocktake_id = c.stocktake_id
                       AND r.stock_item_id = c.stock_item_id AND r.since >= c.scanned_at)
   GROUP BY c.serial_unit_id HAVING count(*) > 1 ORDER BY c.serial_unit_id LIMIT $4`,
);

export function selectDuplicates(
  tx: Tx,
  page: { stocktakeId: string; after: string | undefined; limit: number },
): Promise<DuplicateRow[]> {
  const values = [tx.tenantId, page.stocktakeId, page.after ?? null, page.limit];
  return tx.query<DuplicateRow>(duplicatesStatement, values);
}
