import { isDatabaseError, type Database, type EntityTx, type Tx } from '@onecount/db';
import { gtin14, isRefusal, refuse } from '@onecount/refusal';
import type { ServiceDeps } from '@onecount/service';
import type { PlanRefusal, SaveRefusal } from '../product/product.errors.ts';
import { overwriteProduct } from '../product/product.overwrite.ts';
import { insertProduct } from '../product/product.save.ts';
import { lockProductByHandle } from '../product/product.sql.ts';
import { retryingTaken } from '../product/taken.ts';
import type { Columns } from './csv-columns.ts';
import { planGroup, type GroupPlan } from './csv-product.ts';
import { refusedRow } from './csv-refusal.ts';
import { withLines, type RowError } from './csv-row.ts';
import type { GroupRead } from './csv-source.ts';
import type { ProductImportRow } from './product-import.ts';
import { saveGroupResult, type Lease } from './product-import.sql.ts';
import { insertRowNotes } from './row-error.sql.ts';

type Job = { row: ProductImportRow; lease: Lease; columns: Columns };
type Planned = Extract<GroupPlan, { errors?: undefined }>;
type Written = { productId: string; stockCommandId: string | null; outcome: 'CREATED' | 'UPDATED' };
type WriteRefusal = PlanRefusal | SaveRefusal | HandleExists;
type HandleExists = ReturnType<typeof handleExists>;

/**
 * Imports one group in one transaction of its own: product, stock command, event and the mark that the
 * group is done, or else its row errors and that mark. Answers the stock command to deliver, if any.
 */
export function createGroupImporter(deps: { db: Database; log: ServiceDeps['log'] }) {
  const { db, log } = deps;

  return async (job: Job, read: GroupRead): Promise<string | null> => {
    const { tenantId } = job.row;
    const planned = planGroup(read.group, { ...job.row, columns: job.columns });
    if (planned.errors !== undefined) {
      await refuseGroup(tenantId, { job, read, errors: planned.errors });
      return null;
    }
    try {
      const written = await writeTolerant({ job, read, planned });
      if (!isRefusal(written)) return written.stockCommandId;
      const error = errorOf(written, { planned, read, columns: job.columns });
      await refuseGroup(tenantId, { job, read, errors: [error] });
    } catch (err) {
      if (!isAboutTheData(err)) throw err;
      log.error({ err, importId: job.row.id }, 'a product of an import could not be stored');
      await refuseGroup(tenantId, { job, read, errors: [unstorable(read)] });
    }
    return null;
  };

  /** A product is not lost for a code of the shop's own that another one has: it comes in without it, warned. */
  async function writeTolerant(group: {
    job: Job;
    read: GroupRead;
    planned: Planned;
  }): Promise<Written | WriteRefusal> {
    const { tenantId } = group.job.row;
    const written = await retryingTaken(() =>
      db.inEntityTransaction(tenantId, (tx) => writeGroup(tx, group)),
    );
    const planned = isRefusal(written) ? withoutTakenCode(group, written) : null;
    return planned === null ? written : writeTolerant({ ...group, planned });
  }

  async function refuseGroup(
    tenantId: string,
    { job, read, errors }: { job: Job; read: GroupRead; errors: RowError[] },
  ): Promise<void> {
    await db.inTransaction(tenantId, async (tx) => {
      await markGroup(tx, { job, read }, { outcome: 'REFUSED', rowErrors: errors.length });
      await insertRowNotes(tx, job.row.id, { errors: withLines(read.group.rows, errors) });
    });
  }
}

function withoutTakenCode(
  { job, read, planned }: { job: Job; read: GroupRead; planned: Planned },
  refusal: WriteRefusal,
): Planned | null {
  if (refusal.__typename !== 'BarcodeTaken' || gtin14(refusal.barcode) !== null) return null;
  const { code: _, ...place } = errorOf(refusal, { planned, read, columns: job.columns });
  const message = `"${refusal.barcode}" is scanned for another variant; here it is left out.`;
  const variants = planned.plan.variants.map((variant) =>
    variant.barcode === refusal.barcode ? { ...variant, barcode: null } : variant,
  );
  return {
    ...planned,
    plan: { ...planned.plan, variants },
    warnings: [...planned.warnings, { ...place, code: 'BARCODE_NOT_KEPT', message }],
  };
}

async function writeGroup(
  tx: EntityTx,
  { job, read, planned }: { job: Job; read: GroupRead; planned: Planned },
): Promise<Written | WriteRefusal> {
  const written = await writeProduct(tx, job.row, planned);
  if (isRefusal(written)) return written;
  const { productId, outcome } = written;
  const units = planned.plan.variants
    .flatMap(({ openingStock }) => openingStock)
    .reduce((total, line) => total + line.quantity, 0);
  await markGroup(
    tx,
    { job, read },
    {
      outcome,
      productId,
      variants: planned.plan.variants.length,
      units: outcome === 'CREATED' ? units : 0,
      rowWarnings: planned.warnings.length,
    },
  );
  const warnings = withLines(read.group.rows, planned.warnings);
  await insertRowNotes(tx, job.row.id, { warnings });
  return written;
}

async function writeProduct(
  tx: EntityTx,
  job: ProductImportRow,
  { plan, rowOfVariant }: Planned,
): Promise<Written | WriteRefusal> {
  const origin = { importId: job.id, rowOfVariant };
  const existing = await lockProductByHandle(tx, plan.handle);
  if (existing === undefined) {
    const saved = await insertProduct(tx, plan, origin);
    return isRefusal(saved) ? saved : { ...saved, outcome: 'CREATED' };
  }
  if (!job.overwriteExisting) return handleExists(plan.handle);
  const saved = await overwriteProduct(tx, existing, plan, origin);
  return isRefusal(saved) ? saved : { ...saved, outcome: 'UPDATED' };
}

async function markGroup(
  tx: Tx,
  { job, read }: { job: Job; read: GroupRead },
  result: {
    outcome: 'CREATED' | 'UPDATED' | 'REFUSED';
    productId?: string;
    variants?: number;
    units?: number;
    rowErrors?: number;
    rowWarnings?: number;
  },
): Promise<void> {
  await saveGroupResult(tx, job.lease, {
    groupKey: read.key,
    outcome: result.outcome,
    productId: result.productId ?? null,
    rows: read.group.rows.length,
    rowsRead: read.rowsRead,
    bytesRead: read.bytesRead,
    variants: result.variants ?? 0,
    units: result.units ?? 0,
    rowErrors: result.rowErrors ?? 0,
    rowWarnings: result.rowWarnings ?? 0,
  });
}

function handleExists(handle: string) {
  const message = `A product with the handle ${handle} exists; import with overwriteExisting to change it.`;
  return refuse('HandleExists', 'HANDLE_EXISTS', message, { handle });
}

function errorOf(
  refusal: WriteRefusal,
  { planned, read, columns }: { planned: Planned; read: GroupRead; columns: Columns },
): RowError {
  const first = read.group.rows[0]?.number ?? 0;
  const place = { first, rowOfVariant: planned.rowOfVariant, columns };
  return { ...refusedRow(refusal, place, planned.plan), handle: read.group.handle };
}

function unstorable(read: GroupRead): RowError {
  const message = 'The product could not be stored; a value is longer or stranger than it may be.';
  const row = read.group.rows[0]?.number ?? 0;
  return { row, handle: read.group.handle, code: 'INVALID', message };
}

// Data errors (22), constraints (23) and limits (54) lie in the file and would come again for ever;
// everything else (a broken connection, a full disk) may be over at the next try.
function isAboutTheData(err: unknown): boolean {
  return isDatabaseError(err) && /^(22|23|54)/.test(err.code);
}
