import type { Database } from '@onecount/db';
import { createWorker } from '@onecount/service';
import { sweepHolds } from './hold.sql.ts';

const levelsMax = 200;

/**
 * Settles holds whose time is over on levels that nobody touches, so that their level events go out.
 * Nothing correct depends on it: every decision and every read leaves expired holds out by itself.
 */
export function createHoldExpirer(options: {
  db: Database;
  intervalMs: number;
  onSettled(): void;
  onError(err: unknown): void;
}) {
  return createWorker({
    name: 'hold-expirer',
    intervalMs: options.intervalMs,
    onError: options.onError,
    async run() {
      const settled = await sweepHolds(options.db, levelsMax);
      if (settled > 0) options.onSettled();
    },
  });
}
