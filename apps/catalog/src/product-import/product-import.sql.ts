import { sql, type Tx } from '@onecount/db';
import type { GroupResult, Lease, ProductImportRow } from './product-import.ts';

const columns = `tenant_id AS "tenantId", id, upload_id AS "uploadId", filename,
  location_code AS "locationCode", currency_code AS "currencyCode",
  overwrite_existing AS "overwriteExisting", status, failure, bytes_total AS "bytesTotal",
  bytes_read AS "bytesRead", rows_total AS "rowsTotal", rows_read AS "rowsRead",
  rows_imported AS "rowsImported", rows_refused AS "rowsRefused",
  products_total AS "productsTotal", products_created AS "productsCreated",
  products_updated AS "productsUpdated", products_refused AS "productsRefused",
  variants_imported AS "variantsImported", units_requested AS "unitsRequested",
  row_errors_total AS "rowErrorsTotal", row_warnings_total AS "rowWarningsTotal",
  repeated_sku AS "repeatedSku", format, encoding, separator, is_dry_run AS "isDryRun",
  existing_stock AS "existingStock", warnings_refused AS "warningsRefused",
  column_mapping AS "columnMapping", products_unchanged AS "productsUnchanged",
  extract(epoch FROM coalesce(finished_at, clock_timestamp()) - started_at)::float8 AS "secondsRunning",
  columns_ignored AS "columnsIgnored", failures,
  created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

const insert = sql(
  'catalog.import-insert',
  `INSERT INTO product_import
     (tenant_id, id, upload_id, filename, location_code, currency_code, overwrite_existing, bytes_total,
      repeated_sku, is_dry_run, existing_stock, warnings_refused, column_mapping)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb)`,
);
const byId = sql(
  'catalog.import-by-id',
  `SELECT ${columns} FROM product_import WHERE tenant_id = $1 AND id = $2`,
);
const byUpload = sql(
  'catalog.import-by-upload',
  'SELECT id FROM product_import WHERE tenant_id = $1 AND upload_id = $2',
);
const page = sql(
  'catalog.import-page',
  `SELECT ${columns} FROM product_import
   WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
);

export type NewProductImport = Pick<
  ProductImportRow,
  | 'id'
  | 'uploadId'
  | 'filename'
  | 'locationCode'
  | 'currencyCode'
  | 'overwriteExisting'
  | 'bytesTotal'
  | 'repeatedSku'
  | 'isDryRun'
  | 'existingStock'
  | 'warningsRefused'
  | 'columnMapping'
>;

export async function insertProductImport(tx: Tx, job: NewProductImport): Promise<void> {
  await tx.query(insert, [
    tx.tenantId,
    job.id,
    job.uploadId,
    job.filename,
    job.locationCode,
    job.currencyCode,
    job.overwriteExisting,
    job.bytesTotal,
    job.repeatedSku,
    job.isDryRun,
    job.existingStock,
    job.warningsRefused,
    JSON.stringify(job.columnMapping),
  ]);
}

export async function productImportById(tx: Tx, id: string): Promise<ProductImportRow | undefined> {
  return (await tx.query<ProductImportRow>(byId, [tx.tenantId, id]))[0];
}

export async function productImportOfUpload(tx: Tx, uploadId: string): Promise<string | undefined> {
  return (await tx.query<{ id: string }>(byUpload, [tx.tenantId, uploadId]))[0]?.id;
}

export function productImportPage(tx: Tx, args: { afterId: string | undefined; limit: number }) {
  return tx.query<ProductImportRow>(page, [tx.tenantId, args.afterId ?? null, args.limit]);
}

// The lease is taken by the database's clock: workers on machines whose clocks differ agree on it.
const claim = sql(
  'catalog.import-claim',
  `UPDATE product_import i
   SET status = 'RUNNING', lease_owner = $1, started_at = coalesce(i.started_at, clock_timestamp()),
       lease_expires_at = clock_timestamp() + make_interval(secs => $2)
   FROM (
     SELECT tenant_id, id FROM product_import
     WHERE status IN ('QUEUED', 'RUNNING')
       AND (lease_expires_at IS NULL OR lease_expires_at < clock_timestamp())
     ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
   ) free
   WHERE i.tenant_id = free.tenant_id AND i.id = free.id
   RETURNING i.tenant_id AS "tenantId", i.id`,
);
const renew = sql(
  'catalog.import-renew',
  `UPDATE product_import SET lease_expires_at = clock_timestamp() + make_interval(secs => $4)
   WHERE tenant_id = $1 AND id = $2 AND lease_owner = $3 AND status = 'RUNNING' RETURNING id`,
);
const release = sql(
  'catalog.import-release',
  `UPDATE product_import
   SET lease_owner = NULL, failures = failures + $5::integer,
       lease_expires_at = clock_timestamp() + make_interval(secs => $4)
   WHERE tenant_id = $1 AND id = $2 AND lease_owner = $3 AND status = 'RUNNING'`,
);
const setSurvey = sql(
  'catalog.import-survey',
  `UPDATE product_import SET rows_total = $4, products_total = $5, columns_ignored = $6, encoding = $7, separator = $8, format = $9
   WHERE tenant_id = $1 AND id = $2 AND lease_owner = $3 RETURNING id`,
);
const finish = sql(
  'catalog.import-finish',
  `UPDATE product_import
   SET status = $4, failure = $5, finished_at = clock_timestamp(), lease_owner = NULL,
       rows_read = CASE WHEN $4 = 'COMPLETED' THEN coalesce(rows_total, rows_read) ELSE rows_read END,
       bytes_read = CASE WHEN $4 = 'COMPLETED' THEN bytes_total ELSE bytes_read END
   WHERE tenant_id = $1 AND id = $2 AND lease_owner = $3 RETURNING id`,
);

/** The import's lease is no longer ours: another worker goes on with it, so this one must stop. */
export class LeaseLostError extends Error {
  constructor(importId: string) {
    super(`the lease of import ${importId} was lost`);
    this.name = 'LeaseLostError';
  }
}

function held(rows: readonly unknown[], lease: Lease): void {
  if (rows.length !== 1) throw new LeaseLostError(lease.importId);
}

/** Takes the oldest import that nobody works on; for SystemRole sweeper. */
export async function claimProductImport(tx: Tx, owner: string, leaseSeconds: number) {
  const rows = await tx.query<{ tenantId: string; id: string }>(claim, [owner, leaseSeconds]);
  return rows[0];
}

export async function renewLease(tx: Tx, lease: Lease, leaseSeconds: number): Promise<void> {
  held(await tx.query(renew, [tx.tenantId, lease.importId, lease.owner, leaseSeconds]), lease);
}

/** Gives the import back, to be taken again after `pauseSeconds`. */
export async function releaseLease(
  tx: Tx,
  lease: Lease,
  { pauseSeconds, failures }: { pauseSeconds: number; failures: 0 | 1 },
): Promise<void> {
  await tx.query(release, [tx.tenantId, lease.importId, lease.owner, pauseSeconds, failures]);
}

export async function saveSurvey(
  tx: Tx,
  lease: Lease,
  survey: Pick<ProductImportRow, 'columnsIgnored' | 'format' | 'encoding' | 'separator'> & {
    rowsTotal: number;
    productsTotal: number;
  },
): Promise<void> {
  const { rowsTotal, productsTotal, columnsIgnored, format, encoding, separator } = survey;
  const values = [
    tx.tenantId,
    lease.importId,
    lease.owner,
    rowsTotal,
    productsTotal,
    columnsIgnored,
    ...[encoding, separator, format],
  ];
  held(await tx.query(setSurvey, values), lease);
}

export async function finishImport(
  tx: Tx,
  lease: Lease,
  end: { status: 'COMPLETED' | 'FAILED'; failure: string | null },
): Promise<void> {
  const values = [tx.tenantId, lease.importId, lease.owner, end.status, end.failure];
  held(await tx.query(finish, values), lease);
}

const groupsDone = sql(
  'catalog.import-groups-done',
  'SELECT group_key AS key FROM product_import_group WHERE tenant_id = $1 AND import_id = $2',
);
const insertGroups = sql(
  'catalog.import-group-insert',
  `INSERT INTO product_import_group (tenant_id, import_id, group_key, outcome, product_id)
   SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::uuid[])`,
);
const addResults = sql(
  'catalog.import-add-result',
  `UPDATE product_import
   SET rows_read = greatest(rows_read, $4), bytes_read = greatest(bytes_read, $5), failures = 0,
       products_created = products_created + $6, products_updated = products_updated + $7,
       products_unchanged = products_unchanged + $8, products_refused = products_refused + $9,
       rows_imported = rows_imported + $10, rows_refused = rows_refused + $11,
       variants_imported = variants_imported + $12, units_requested = units_requested + $13,
       row_errors_total = row_errors_total + $14, row_warnings_total = row_warnings_total + $15
   WHERE tenant_id = $1 AND id = $2 AND lease_owner = $3 AND status = 'RUNNING' RETURNING id`,
);

export async function groupsAlreadyDone(tx: Tx, importId: string): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(groupsDone, [tx.tenantId, importId]);
  return new Set(rows.map(({ key }) => key));
}

/** Marks groups as done and counts them, in the transaction of their effect. */
export async function saveGroupResults(
  tx: Tx,
  { importId, owner }: Lease,
  done: { results: readonly GroupResult[]; rowsRead: number; bytesRead: number; isDryRun: boolean },
): Promise<void> {
  const { results, rowsRead, bytesRead } = done;
  const number = (outcome: GroupResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const sum = (key: (typeof summed)[number]) =>
    results.reduce((total, result) => total + result[key], 0);
  const lease = { importId, owner };
  const counted = await tx.query(addResults, [
    ...[tx.tenantId, importId, owner, rowsRead, bytesRead],
    ...[number('CREATED'), sum('productsUpdated'), number('UNCHANGED'), number('REFUSED')],
    ...summed.slice(1).map(sum),
  ]);
  held(counted, lease);
  await tx.query(insertGroups, [
    ...[tx.tenantId, importId, results.map(({ groupKey }) => groupKey)],
    results.map(({ outcome }) => outcome),
    // A product of a dry run is not there.
    results.map(({ productId }) => (done.isDryRun ? null : productId)),
  ]);
}

const summed = [
  ...(['productsUpdated', 'rowsImported', 'rowsRefused', 'variants'] as const),
  ...(['units', 'rowErrors', 'rowWarnings'] as const),
] as const;

const cancel = sql(
  'catalog.import-cancel',
  `UPDATE product_import SET status = 'CANCELLED', finished_at = clock_timestamp(), lease_owner = NULL
   WHERE tenant_id = $1 AND id = $2 AND status IN ('QUEUED', 'RUNNING')`,
);

/** Ends it wherever it is: the worker that holds it loses its lease, and stops behind the batch that it is in. */
export async function cancelImport(tx: Tx, id: string): Promise<void> {
  await tx.query(cancel, [tx.tenantId, id]);
}

const stockTotals = sql(
  'catalog.import-stock-totals',
  `SELECT import_id AS "importId",
          coalesce(sum(units) FILTER (WHERE status = 'DELIVERED'), 0)::bigint AS received,
          count(*) FILTER (WHERE status = 'PENDING')::integer AS pending
   FROM stock_command WHERE tenant_id = $1 AND import_id = ANY ($2::uuid[])
   GROUP BY import_id`,
);
const pendingOf = sql(
  'catalog.import-stock-pending',
  // One of a bundle brings all of it.
  `SELECT DISTINCT ON (coalesce(bundle_id, id)) id FROM stock_command
   WHERE tenant_id = $1 AND import_id = $2 AND status = 'PENDING' ORDER BY coalesce(bundle_id, id), id LIMIT 20`,
);

export function importStockTotals(tx: Tx, importIds: readonly string[]) {
  return tx.query<{ importId: string; received: number; pending: number }>(stockTotals, [
    tx.tenantId,
    importIds,
  ]);
}

export async function pendingStockOfImport(tx: Tx, importId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(pendingOf, [tx.tenantId, importId]);
  return rows.map(({ id }) => id);
}
