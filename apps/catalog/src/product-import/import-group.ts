import { isDatabaseError, type Database, type Tx } from '@onecount/db';
import type { ServiceDeps } from '@onecount/service';
import { retryingTaken } from '../product/taken.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { chunksOf, type CountLine, type CountResult } from '../stock-command/stock-command.ts';
import { storeCounts } from '../stock-command/stock-command.sql.ts';
import { planList } from './csv-list.ts';
import { planGroup, type Planned } from './csv-product.ts';
import { withLines, type RowError } from './csv-row.ts';
import { isList, type GroupRead } from './csv-source.ts';
import type { CodeKeys } from './import-codes.ts';
import { decide, type Decision } from './import-decide.ts';
import { readKnown } from './import-known.ts';
import { writeList } from './import-list.ts';
import { cameIn, refused, resultOf, unstorable, type Done } from './import-result.ts';
import { writeProducts } from './import-write.ts';
import type { ImportJob } from './product-import.ts';
import { saveGroupResults } from './product-import.sql.ts';
import { insertRowNotes, reportCounts } from './row-error.sql.ts';

/** What came of a batch, what inventory is to be told, and which codes it has given away. */
type BatchDone = {
  done: Done[];
  stockCommandIds: string[];
  counts: CountLine[];
  given?: CodeKeys;
};

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
export function createGroupImporter(deps: {
  db: Database;
  log: ServiceDeps['log'];
  inventory: Pick<InventoryClient, 'previewCounts'>;
}) {
  const { db, log, inventory } = deps;

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
        const { stockCommandIds, counts } = batch;
        if (counts.length === 0) return stockCommandIds;
        return [...stockCommandIds, await storeCounts(tx, { ...aboutCounts(job), counts })];
      });
    } catch (err) {
      if (!(err instanceof DryRunError)) throw err;
      const { done, counts, given } = err.batch;
      const results = await previewOf(job, counts);
      await db.inTransaction(tenantId, async (tx) => {
        await mark(tx, job, reads, done);
        if (counts.length > 0) await reportCounts(tx, job.row.id, counts, results);
      });
      for (const key of given?.skus ?? []) job.claimed?.skus.add(key);
      for (const key of given?.barcodes ?? []) job.claimed?.barcodes.add(key);
      return [];
    }
  }

  /** What inventory would make of the counts; while it does not answer, the import waits. */
  async function previewOf(job: ImportJob, counts: readonly CountLine[]): Promise<CountResult[]> {
    const { isOverwriting } = aboutCounts(job);
    const results: CountResult[] = [];
    for (const chunk of chunksOf(counts)) {
      const lines = chunk.map(({ sku, location: place, onHand }) => ({ sku, place, onHand }));
      results.push(...(await inventory.previewCounts(job.row.tenantId, { isOverwriting, lines })));
    }
    return results;
  }
}

const aboutCounts = ({ row }: ImportJob) => ({
  importId: row.id,
  isOverwriting: row.existingStock === 'SET',
});

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
  let next = 0;
  const done = reads.map((read, index): Done => {
    const decision = decisions[index]!;
    if (!('accepted' in decision)) {
      return refused(read, 'error' in decision ? [decision.error!] : decision.errors);
    }
    return cameIn(read, decision.accepted.planned, written[next++]!);
  });
  return { done, stockCommandIds, counts, given: codes.given };
}

async function writeLists(tx: Tx, job: ImportJob, reads: readonly GroupRead[]): Promise<BatchDone> {
  const batch: BatchDone = { done: [], stockCommandIds: [], counts: [] };
  for (const read of reads) {
    const plan = planList(read.group, { ...job.row, columns: job.columns });
    const { errors, warnings, counts, ...totals } = await writeList(tx, job, plan);
    batch.counts.push(...counts);
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

// Data errors (22), constraints (23) and limits (54) lie in the file and would come again for ever;
// everything else (a broken connection, a full disk) may be over at the next try.
function isAboutTheData(err: unknown): boolean {
  return isDatabaseError(err) && /^(22|23|54)/.test(err.code);
}
