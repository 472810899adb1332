import { sql, type Database } from '@onecount/db';
import { createWorker } from '@onecount/service';

// Held locks end soon: what a transaction publishes is little, and it waits for nobody meanwhile.
const levelsMax = 100;
const unitsMax = 500;
// Levels that change without a pause are waited for, one at a time and not for ever.
const busyWaitMs = 200;
// Our own changes wake us; the poll is for what a process left behind that died before it published.
const idlePollMs = 5_000;
const publishStatement = sql(
  'inventory.stock-publish',
  'SELECT published, units, due, seen, busy FROM stock_publish($1, $2)',
);
type Step = { published: number; units: number; due: number; seen: number; busy: object[] };
const busyStatement = sql(
  'inventory.level-publish-busy',
  'SELECT level_publish_busy($1, $2) AS published',
);

export type PublisherSignals = {
  /** Events may leave. */
  onPublished(): void;
  /** An item may have crossed its threshold. */
  onLowStockDue(): void;
};
const nobody: PublisherSignals = { onPublished() {}, onLowStockDue() {} };

/** Moves the newest state of changed levels and units to the outbox; answers how many. */
export async function publishChanges(db: Database, signals = nobody): Promise<number> {
  let total = 0;
  let step: Step;
  do {
    [step] = (await db.statement<Step>(publishStatement, [levelsMax, unitsMax])) as [Step];
    total += step.published + step.units;
    if (step.published + step.units > 0) signals.onPublished();
    if (step.due > 0) signals.onLowStockDue();
  } while ((step.seen === levelsMax && step.published > 0) || step.units === unitsMax);
  let busy = 0;
  for (const level of step.busy) busy += await publishBusy(db, level);
  if (busy > 0) signals.onLowStockDue();
  return total + busy;
}

async function publishBusy(db: Database, level: object): Promise<number> {
  return db.asSystem('relay', async (tx) => {
    const values = [JSON.stringify(level), busyWaitMs];
    const [row] = await tx.query<{ published: number }>(busyStatement, values);
    return row!.published;
  });
}

/**
 * A hot item changes hundreds of times a second; what a consumer wants is its newest count, a few times
 * a second. Woken by every change, it runs at most once per `intervalMs`.
 */
export function createLevelPublisher(
  options: PublisherSignals & {
    db: Database;
    intervalMs: number;
    onError(err: unknown): void;
  },
) {
  return createWorker({
    name: 'level-publisher',
    intervalMs: options.intervalMs,
    idleMs: Math.max(options.intervalMs, idlePollMs),
    onError: options.onError,
    async run() {
      if ((await publishChanges(options.db, options)) > 0) options.onPublished();
    },
  });
}
