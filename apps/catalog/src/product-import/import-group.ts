import { isDatabaseError, type Database, type EntityTx } from '@onecount/db';
import { isRefusal } from '@onecount/refusal';
import type { ServiceDeps } from '@onecount/service';
import { retryingTaken } from '../product/taken.ts';
import { planList } from './csv-list.ts';
import { planGroup } from './csv-product.ts';
import { withLines, type RowError } from './csv-row.ts';
import { isList, type GroupRead } from './csv-source.ts';
import { writeList } from './import-list.ts';
import { claim, errorOf, writeProduct, type Planned } from './import-write.ts';
import type { GroupResult, ImportJob } from './product-import.ts';
import { saveGroupResults } from './product-import.sql.ts';
import { insertRowNotes } from './row-error.sql.ts';

/** What came of a group: what is counted, what is said of its rows, and what inventory is to be told. */
type Done = {
  result: GroupResult;
  errors: RowError[];
  warnings: RowError[];
  stockCommandIds: string[];
  plan?: Planned['plan'];
};

/** The transaction is spoilt by a refusal of one of its products, of which something was written: one by one, then. */
class SpoiltBatchError extends Error {
  override readonly name = 'SpoiltBatchError';
}

/** What a dry run has found out; the throw takes back what it wrote. */
class DryRunError extends Error {
  override readonly name = 'DryRunError';
  readonly done: Done[];
  constructor(done: Done[]) {
    super('a dry run writes nothing');
    this.done = done;
  }
}

/**
 * Imports some groups in one transaction: products, stock commands, events and the marks that the groups are done.
 * Together they cost a fraction of one transaction each. Where one of them cannot be stored, each is tried alone.
 * Answers the stock commands to deliver.
 */
export function createGroupImporter(deps: { db: Database; log: ServiceDeps['log'] }) {
  const { db, log } = deps;

  return async (job: ImportJob, reads: readonly GroupRead[]): Promise<string[]> => {
    if (reads.length > 1) {
      try {
        return await write(job, reads);
      } catch (err) {
        if (!(err instanceof SpoiltBatchError) && !isAboutTheData(err)) throw err;
      }
    }
    const commands: string[] = [];
    for (const read of reads) commands.push(...(await writeAlone(job, read)));
    return commands;
  };

  async function writeAlone(job: ImportJob, read: GroupRead): Promise<string[]> {
    try {
      return await retryingTaken(() => write(job, [read]));
    } catch (err) {
      if (err instanceof SpoiltBatchError) return refuse(job, read, [err.cause as RowError]);
      if (!isAboutTheData(err)) throw err;
      log.error({ err, importId: job.row.id }, 'a product of an import could not be stored');
      return refuse(job, read, [unstorable(read)]);
    }
  }

  async function write(job: ImportJob, reads: readonly GroupRead[]): Promise<string[]> {
    const { tenantId } = job.row;
    try {
      return await db.inEntityTransaction(tenantId, async (tx) => {
        const done: Done[] = [];
        for (const read of reads) done.push(await writeGroup(tx, job, read));
        if (job.row.isDryRun) throw new DryRunError(done);
        await mark(tx, job, reads, done);
        return done.flatMap(({ stockCommandIds }) => stockCommandIds);
      });
    } catch (err) {
      if (!(err instanceof DryRunError)) throw err;
      await db.inEntityTransaction(tenantId, (tx) => mark(tx, job, reads, err.done));
      for (const { plan } of err.done) if (plan) claim(job, plan);
      return [];
    }
  }

  async function refuse(job: ImportJob, read: GroupRead, errors: RowError[]): Promise<string[]> {
    const done = [refused(read, errors)];
    await db.inEntityTransaction(job.row.tenantId, (tx) => mark(tx, job, [read], done));
    return [];
  }
}

async function mark(
  tx: EntityTx,
  job: ImportJob,
  reads: readonly GroupRead[],
  done: readonly Done[],
): Promise<void> {
  const last = reads.at(-1)!;
  const at = { rowsRead: last.rowsRead, bytesRead: last.bytesRead };
  const results = done.map(({ result }) => result);
  await saveGroupResults(tx, job.lease, { ...at, results, isDryRun: job.row.isDryRun });
  const rows = reads.flatMap(({ group }) => group.rows);
  const errors = withLines(
    rows,
    done.flatMap((each) => each.errors),
  );
  const warnings = withLines(
    rows,
    done.flatMap((each) => each.warnings),
  );
  await insertRowNotes(tx, job.row.id, { errors, warnings });
}

async function writeGroup(tx: EntityTx, job: ImportJob, read: GroupRead): Promise<Done> {
  const context = { ...job.row, columns: job.columns };
  if (isList(job.columns)) return writeRows(tx, job, read);
  const planned = planGroup(read.group, context);
  if (planned.errors !== undefined) return refused(read, planned.errors);
  const written = await writeProduct(tx, job, planned);
  if (!isRefusal(written)) {
    const { productId, outcome, stockCommandIds } = written;
    const { plan, warnings } = written.planned;
    const units = outcome === 'CREATED' ? unitsOf(plan) : 0;
    return {
      result: {
        ...resultOf(read, outcome),
        ...{ productId, variants: plan.variants.length, units, rowWarnings: warnings.length },
      },
      ...{ errors: [], warnings, stockCommandIds, plan },
    };
  }
  const error = errorOf(written, job, planned);
  // Of a new product nothing is written before it is refused; one that exists may be half changed.
  const isClean = ['HandleExists', 'SkuTaken', 'BarcodeTaken'].includes(written.__typename);
  if (!isClean || job.row.overwriteExisting) {
    throw new SpoiltBatchError(error.message, { cause: error });
  }
  return refused(read, [error]);
}

async function writeRows(tx: EntityTx, job: ImportJob, read: GroupRead): Promise<Done> {
  const plan = planList(read.group, { ...job.row, columns: job.columns });
  const { errors, warnings, stockCommandId, ...totals } = await writeList(tx, job, plan);
  const rows = read.group.rows.length;
  return {
    result: {
      ...resultOf(read, 'LIST'),
      ...totals,
      rowsImported: rows - totals.rowsRefused,
      rowErrors: errors.length,
      rowWarnings: warnings.length,
    },
    ...{ errors, warnings, stockCommandIds: stockCommandId === null ? [] : [stockCommandId] },
  };
}

const unitsOf = ({ variants }: Planned['plan']): number =>
  variants
    .flatMap(({ openingStock }) => openingStock)
    .reduce((total, line) => total + line.quantity, 0);

function refused(read: GroupRead, errors: RowError[]): Done {
  const result = { ...resultOf(read, 'REFUSED'), rowErrors: errors.length };
  return { result, errors, warnings: [], stockCommandIds: [] };
}

function resultOf({ key, group }: GroupRead, outcome: GroupResult['outcome']): GroupResult {
  const isRefused = outcome === 'REFUSED';
  const rows = group.rows.length;
  return {
    ...{ groupKey: key, outcome, productId: null },
    productsUpdated: outcome === 'UPDATED' ? 1 : 0,
    rowsImported: isRefused ? 0 : rows,
    rowsRefused: isRefused ? rows : 0,
    ...{ variants: 0, units: 0, rowErrors: 0, rowWarnings: 0 },
  };
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
