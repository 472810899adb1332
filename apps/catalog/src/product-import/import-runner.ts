import { uuidv7, type Database } from '@onecount/db';
import { createWorker, type ServiceDeps } from '@onecount/service';
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { StockCommandService } from '../stock-command/stock-command.service.ts';
import { uploadById } from '../upload/upload.sql.ts';
import type { UploadStore } from '../upload/upload.store.ts';
import { groupsOf, survey, type GroupRead } from './csv-source.ts';
import { FileUnreadableError } from './file-unreadable.ts';
import { createGroupImporter } from './import-group.ts';
import {
  claimProductImport,
  finishImport,
  groupsAlreadyDone,
  LeaseLostError,
  pendingStockOfImport,
  productImportById,
  releaseLease,
  renewLease,
  saveSurvey,
} from './product-import.sql.ts';
import { mappingOf, type ImportJob, type Lease, type ProductImportRow } from './product-import.ts';
import { countRowError, insertRowNotes } from './row-error.sql.ts';
import { createStockDelivery } from './stock-delivery.ts';

export type ImportRunner = ReturnType<typeof createImportRunner>;

const failuresMax = 20;
// Larger ones hold locks for longer and gain little.
const batchGroups = 40;
const batchRows = 1_000;
const stockPatienceMs = 15_000;
const stockPollMs = 250;

/**
 * Runs imports under a lease. A run that dies leaves its lease to expire; the next one reads the file
 * again from the start and passes over the groups that are marked as done.
 */
export function createImportRunner(deps: {
  db: Database;
  store: UploadStore;
  stock: StockCommandService;
  log: ServiceDeps['log'];
  leaseSeconds: number;
  timeoutFactor: number;
}) {
  const { db, store, stock, log, leaseSeconds } = deps;
  const importGroups = createGroupImporter({ db, log, inventory: stock.inventory });

  /** Runs the oldest free import to its end; false when there is none. */
  async function runNext(signal: AbortSignal): Promise<boolean> {
    const owner = uuidv7();
    const claimed = await db.asSystem('sweeper', (tx) =>
      claimProductImport(tx, owner, leaseSeconds),
    );
    if (claimed === undefined) return false;
    const { tenantId, id } = claimed;
    const lease: Lease = { importId: id, owner };
    const renewal = leaseRenewal(tenantId, lease);
    renewal.start();
    try {
      await run(tenantId, lease, signal);
    } catch (err) {
      await failed(tenantId, lease, err);
    } finally {
      await renewal.stop();
    }
    return true;
  }

  async function run(tenantId: string, lease: Lease, signal: AbortSignal): Promise<void> {
    const { row, path, done } = await db.read(tenantId, async (tx) => {
      const job = await productImportById(tx, lease.importId);
      const upload = job && (await uploadById(tx, job.uploadId));
      if (job === undefined || !upload?.sha256) throw new Error('an import without its upload');
      const file = store.pathOf(tenantId, upload.id, upload.sha256);
      return { row: job, path: file, done: await groupsAlreadyDone(tx, job.id) };
    });
    if (!(await isReadable(path))) {
      await finish(tenantId, lease, 'The uploaded file is gone; upload it again.');
      return;
    }
    try {
      const isComplete = await readFile({ row, path, done, lease }, signal);
      if (!isComplete) return await giveBack(tenantId, lease);
    } catch (err) {
      if (!(err instanceof FileUnreadableError)) throw err;
      return await unreadable({ row, path, lease }, err);
    }
    await settleStock(tenantId, lease, signal);
    await finish(tenantId, lease, null);
    await removeFile(path, row);
  }

  /** Every group that is not done yet; false when it was stopped in between. */
  async function readFile(
    job: { row: ProductImportRow; path: string; done: ReadonlySet<string>; lease: Lease },
    signal: AbortSignal,
  ): Promise<boolean> {
    const { row, path, done, lease } = job;
    const open = () => createReadStream(path);
    const surveyed = await survey(open, mappingOf(row.columnMapping));
    const { columns, form, rowsTotal, rowsOfGroup } = surveyed;
    await db.inTransaction(row.tenantId, (tx) =>
      saveSurvey(tx, lease, {
        rowsTotal,
        productsTotal: rowsOfGroup.size,
        columnsIgnored: columns.ignored,
        format: columns.format,
        encoding: form.encoding,
        separator: form.separator,
      }),
    );
    const delivery = createStockDelivery(stock, row.tenantId);
    const claimed = row.isDryRun
      ? { skus: new Set<string>(), barcodes: new Set<string>() }
      : undefined;
    const importing: ImportJob = { row, lease, columns, claimed };
    try {
      for await (const batch of batchesOf(groupsOf(open, surveyed), done)) {
        if (signal.aborted) return false;
        const commands = await importGroups(importing, batch);
        for (const command of commands) await delivery.add(command);
      }
      return true;
    } finally {
      await delivery.settled();
    }
  }

  /** Waits a while for inventory, so that a finished import has its stock where inventory answers. */
  async function settleStock(tenantId: string, lease: Lease, signal: AbortSignal): Promise<void> {
    const until = performance.now() + stockPatienceMs * deps.timeoutFactor;
    while (!signal.aborted && performance.now() < until) {
      const pending = await db.read(tenantId, (tx) => pendingStockOfImport(tx, lease.importId));
      if (pending.length === 0) return;
      const delivered = await Promise.all(pending.map((id) => stock.deliverOrLog(tenantId, id)));
      if (delivered.includes(false)) await pause(stockPollMs);
    }
  }

  async function unreadable(
    job: { row: ProductImportRow; path: string; lease: Lease },
    err: FileUnreadableError,
  ): Promise<void> {
    const { row, lease, path } = job;
    await db.inTransaction(row.tenantId, async (tx) => {
      const { row: number, code, message } = err;
      await insertRowNotes(tx, lease.importId, { errors: [{ row: number, code, message }] });
      await countRowError(tx, lease.importId);
      await finishImport(tx, lease, { status: 'FAILED', failure: message });
    });
    await removeFile(path, row);
  }

  async function finish(tenantId: string, lease: Lease, failure: string | null): Promise<void> {
    const status = failure === null ? 'COMPLETED' : 'FAILED';
    await db.inTransaction(tenantId, (tx) => finishImport(tx, lease, { status, failure }));
    log.info({ importId: lease.importId, status }, 'import finished');
  }

  // The import is over: a file that cannot be removed costs disk space and nothing else.
  async function removeFile(path: string, row: ProductImportRow): Promise<void> {
    // With notes it is kept for a while, for the rows to correct.
    const now = await db.read(row.tenantId, (tx) => productImportById(tx, row.id));
    if ((now?.rowErrorsTotal ?? 0) + (now?.rowWarningsTotal ?? 0) > 0) return;
    await store.removeFile(path).catch((err: unknown) => {
      log.warn({ err, importId: row.id }, 'the file of a finished import could not be removed');
    });
  }

  async function giveBack(tenantId: string, lease: Lease): Promise<void> {
    await db.inTransaction(tenantId, (tx) =>
      releaseLease(tx, lease, { pauseSeconds: 0, failures: 0 }),
    );
  }

  async function failed(tenantId: string, lease: Lease, err: unknown): Promise<void> {
    if (err instanceof LeaseLostError) {
      log.warn({ importId: lease.importId }, 'another worker goes on with this import');
      return;
    }
    log.error({ err, importId: lease.importId }, 'an import stopped and will be taken up again');
    await db.inTransaction(tenantId, async (tx) => {
      const row = await productImportById(tx, lease.importId);
      if ((row?.failures ?? 0) < failuresMax) {
        await releaseLease(tx, lease, { pauseSeconds: 2, failures: 1 });
        return;
      }
      const failure = 'The import stopped again and again for a reason on our side.';
      await finishImport(tx, lease, { status: 'FAILED', failure });
    });
  }

  /** Keeps the lease while the run lives: a survey of a large file takes longer than a lease. */
  function leaseRenewal(tenantId: string, lease: Lease) {
    return createWorker({
      name: 'product-import-lease',
      intervalMs: (leaseSeconds * 1000) / 3,
      run: () => db.inTransaction(tenantId, (tx) => renewLease(tx, lease, leaseSeconds)),
      // A lost lease shows in the next write of the run itself.
      onError: () => undefined,
    });
  }

  return { runNext };
}

async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Groups that are not done yet, some at a time: what is one transaction. */
async function* batchesOf(
  groups: AsyncIterable<GroupRead>,
  done: ReadonlySet<string>,
): AsyncGenerator<GroupRead[]> {
  let batch: GroupRead[] = [];
  let rows = 0;
  for await (const read of groups) {
    if (done.has(read.key)) continue;
    batch.push(read);
    rows += read.group.rows.length;
    if (batch.length < batchGroups && rows < batchRows) continue;
    yield batch;
    [batch, rows] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
