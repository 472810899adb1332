import type { Database } from '@onecount/db';
import { createWorker } from '@onecount/service';
import { selectBalancePlaces, selectClosedUntil, writeBalances } from './balance.sql.ts';

const intervalMs = 60_000;
// recorded_at is drawn before its transaction commits: a day is closed when nobody can still be writing into it.
const graceMinutes = 30;
// One statement reads at most a month of movements.
const daysMax = 31;

/** Writes the balances of every location up to `until`, where they are missing. */
export async function closeBalances(db: Database, until: string): Promise<void> {
  for (const place of await selectBalancePlaces(db)) {
    let from: string | null = null;
    do {
      from = await writeBalances(db, { ...place, from, until, daysMax });
    } while (from !== until);
  }
}

/**
 * Once a day has ended, its closing balances. Nothing correct depends on it: a total without a balance reads
 * the movements since the last one that there is.
 */
export function createBalanceWorker(options: { db: Database; onError(err: unknown): void }) {
  const { db, onError } = options;
  let closedUntil: string | undefined;
  return createWorker({
    name: 'balance-worker',
    intervalMs,
    onError,
    async run() {
      const until = await selectClosedUntil(db, graceMinutes);
      if (until === closedUntil) return;
      await closeBalances(db, until);
      closedUntil = until;
    },
  });
}
