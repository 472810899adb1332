import { isDatabaseError, type Database, type Tx } from '@onecount/db';
import type { ServiceDeps } from '@onecount/service';
import { retryingTaken } from '../product/taken.ts';
import { storeCounts } from '../stock-command/stock-command.sql.ts';
import { planList } from './csv-list.ts';
import { planGroup, type Planned } from './csv-product.ts';
import { withLines, type RowError } from './csv-row.ts';
import { isList, type GroupRead } from './csv-source.ts';
import type { CodeKeys } from './import-codes.ts';
import { decide, type Decision } from './import-decide.ts';
import { readKnown } from './import-known.ts';
import { writeList } from './import-list.ts';
import { writeProducts, type Written } from './import-write.ts';
import type { GroupResult, ImportJob } from './product-import.ts';
import { saveGroupResults } from './product-import.sql.ts';
import { insertRowNotes } from './row-error.sql.ts';

/** What came of a group: what is counted, and what is said of its rows. */
type Done = { result: GroupResult; errors: readonly RowError[]; warnings: readonly RowError[] };
/** What came of a batch, which stock commands are to be delivered, and which codes it has given away. */
type BatchDone = { done: Done[]; stockCommandIds: string[]; given?: CodeKeys };

/** What a dry run has found out; the throw takes back what it wrote. */
class DryRunError extends Error {
  override readonly name = 'DryRunError';
  readonly batch: BatchDone;
  constructor(batch: BatchDone) {
    super('a dry run writes nothing');
    this.batch = batch;
  }
}

/**
 * Imports some groups in one transaction: products, stock commands, events and the marks that the groups are done.
 * What is refused is decided before anything is written; where the database takes one of them for another reason, or
 * somebody else takes a name in between, each is tried alone. Answers the stock commands to deliver.
 */
export function createGroupImporter(deps: { db: Database; log: ServiceDeps['log'] }) {
  const { db, log } = deps;

  return async (job: ImportJob, reads: readonly GroupRead[]): Promise<string[]> => {
    if (reads.length > 1) {
      try {
        return await write(job, reads);
      } catch (err) {
        if (!isAboutTheData(err)) throw err;
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
      if (!isAboutTheData(err)) throw err;
      log.error({ err, importId: job.row.id }, 'a product of an import could not be stored');
      const done = [refused(read, [unstorable(read)])];
      await db.inTransaction(job.row.tenantId, (tx) => mark(tx, job, [read], done));
      return [];
    }
  }

  async function write(job: ImportJob, reads: readonly GroupRead[]): Promise<string[]> {
    const { tenantId, isDryRun } = job.row;
    try {
      return await db.inTransaction(tenantId, async (tx) => {
        const batch = await (isList(job.columns) ? writeLists : writeGroups)(tx, job, reads);
        if (isDryRun) throw new DryRunError(batch);
        await mark(tx, job, reads, batch.done);
        return batch.stockCommandIds;
      });
    } catch (err) {
      if (!(err instanceof DryRunError)) throw err;
      const { done, given } = err.batch;
      await db.inTransaction(tenantId, (tx) => mark(tx, job, reads, done));
      for (const key of given?.skus ?? []) job.claimed?.skus.add(key);
      for (const key of given?.barcodes ?? []) job.claimed?.barcodes.add(key);
      return [];
    }
  }
}

async function mark(
  tx: Tx,
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

/** Decides about all products of a batch, then writes those that come in. */
async function writeGroups(
  tx: Tx,
  job: ImportJob,
  reads: readonly GroupRead[],
): Promise<BatchDone> {
  const context = { ...job.row, columns: job.columns };
  const plans = reads.map(({ group }) => planGroup(group, context));
  const known = await readKnown(
    tx,
    job,
    plans.filter((plan): plan is Planned => plan.errors === undefined),
  );
  const decisions = plans.map((plan): Decision | { errors: RowError[] } =>
    plan.errors === undefined ? decide(job, plan, known) : plan,
  );
  const accepted = decisions.flatMap((each) => ('accepted' in each ? each.accepted : []));
  const { codes } = known;
  const { written, stockCommandIds } = await writeProducts(tx, job, { accepted, codes });
  const counts = written.flatMap((each) => each.counts);
  if (counts.length > 0) stockCommandIds.push(await storeCountsOf(tx, job, counts));
  let next = 0;
  const done = reads.map((read, index): Done => {
    const decision = decisions[index]!;
    if (!('accepted' in decision)) {
      return refused(read, 'error' in decision ? [decision.error!] : decision.errors);
    }
    return cameIn(read, decision.accepted.planned, written[next++]!);
  });
  return { done, stockCommandIds, given: codes.given };
}

function storeCountsOf(tx: Tx, { row }: ImportJob, counts: Written['counts']): Promise<string> {
  return storeCounts(tx, { importId: row.id, isOverwriting: true, counts });
}

function cameIn(
  read: GroupRead,
  { plan, warnings }: Planned,
  { productId, outcome }: Written,
): Done {
  const units = outcome === 'CREATED' ? unitsOf(plan) : 0;
  const result = {
    ...resultOf(read, outcome),
    ...{ productId, variants: plan.variants.length, units, rowWarnings: warnings.length },
  };
  return { result, errors: [], warnings };
}

async function writeLists(tx: Tx, job: ImportJob, reads: readonly GroupRead[]): Promise<BatchDone> {
  const batch: BatchDone = { done: [], stockCommandIds: [] };
  for (const read of reads) {
    const plan = planList(read.group, { ...job.row, columns: job.columns });
    const { errors, warnings, stockCommandId, ...totals } = await writeList(tx, job, plan);
    if (stockCommandId !== null) batch.stockCommandIds.push(stockCommandId);
    const result = {
      ...resultOf(read, 'LIST'),
      ...totals,
      rowsImported: read.group.rows.length - totals.rowsRefused,
      rowErrors: errors.length,
      rowWarnings: warnings.length,
    };
    batch.done.push({ result, errors, warnings });
  }
  return batch;
}

const unitsOf = ({ variants }: Planned['plan']): number =>
  variants
    .flatMap(({ openingStock }) => openingStock)
    .reduce((total, line) => total + line.quantity, 0);

function refused(read: GroupRead, errors: RowError[]): Done {
  const result = { ...resultOf(read, 'REFUSED'), rowErrors: errors.length };
  return { result, errors, warnings: [] };
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
