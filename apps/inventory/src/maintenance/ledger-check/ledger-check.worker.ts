import { randomUUID } from 'node:crypto';
import { isDatabaseError, type Database } from '@onecount/db';
import { gauge, type Logger } from '@onecount/telemetry';
import { createWorker } from '@onecount/service';
import {
  countDifferences,
  recordCheck,
  selectNextToCheck,
  type CheckPlace,
} from './ledger-check.sql.ts';

const differences = gauge({
  name: 'onecount_ledger_differences',
  help: 'Differences between the count and its own rows that are there, over all tenants.',
});

const beginning = '00000000-0000-0000-0000-000000000000';

// Of the time, at most this share is spent looking, however long the ledgers are: an idle shop stays idle.
const shareOfTime = 0.05;

type Step = { next: CheckPlace; found: number };

/**
 * Checks the items behind `place`; at the end of all tenants the next place is the beginning. An item that
 * cannot be checked is reported to `onError` and keeps nobody from the others.
 */
export async function checkNext(
  db: Database,
  place: CheckPlace,
  { levelsMax, onError }: { levelsMax: number; onError(err: unknown): void },
): Promise<Step> {
  const items = await selectNextToCheck(db, place, levelsMax);
  const byTenant = Map.groupBy(items, ({ tenantId }) => tenantId);
  let found = 0;
  for (const [tenantId, ofTenant] of byTenant) {
    const stockItemIds = ofTenant.map(({ stockItemId }) => stockItemId);
    found += await checkInParts(db, { tenantId, stockItemIds }, onError);
  }
  return { next: items.at(-1) ?? { tenantId: beginning, stockItemId: beginning }, found };
}

// Together they may take longer than a statement may; by halves, the one that is too long is found.
async function checkInParts(
  db: Database,
  { tenantId, stockItemIds }: { tenantId: string; stockItemIds: readonly string[] },
  onError: (err: unknown) => void,
): Promise<number> {
  try {
    return await recordCheck(db, { tenantId, stockItemIds });
  } catch (err) {
    // Not one statement that failed: the database is not there.
    if (!isDatabaseError(err)) throw err;
    if (stockItemIds.length === 1) {
      onError(err);
      return 0;
    }
    const half = Math.ceil(stockItemIds.length / 2);
    let found = 0;
    for (const part of [stockItemIds.slice(0, half), stockItemIds.slice(half)])
      found += await checkInParts(db, { tenantId, stockItemIds: part }, onError);
    return found;
  }
}

/**
 * Walks over the levels of every tenant for ever, a few at a time. It begins anywhere: processes that are
 * often started anew, or several of one service, then come to different items and not to the first ones alone.
 */
export function createLedgerCheckWorker(options: {
  db: Database;
  log: Pick<Logger, 'error'>;
  intervalMs: number;
  levelsMax: number;
  onFound(): void;
  onError(err: unknown): void;
}) {
  const { db, log, intervalMs, levelsMax, onFound, onError } = options;
  let place: CheckPlace = { tenantId: randomUUID(), stockItemId: beginning };
  let restsUntil = 0;
  return createWorker({
    name: 'ledger-check-worker',
    intervalMs,
    onError,
    async run() {
      const startedAt = performance.now();
      if (startedAt < restsUntil) return;
      const { next, found } = await checkNext(db, place, { levelsMax, onError });
      place = next;
      restsUntil = startedAt + (performance.now() - startedAt) / shareOfTime;
      differences.set(await countDifferences(db));
      if (found === 0) return;
      log.error({ found }, 'the count differs from its own rows: see ledgerFindings');
      onFound();
    },
  });
}
