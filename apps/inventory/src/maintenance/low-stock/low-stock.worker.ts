import type { Database } from '@onecount/db';
import { createWorker } from '@onecount/service';
import { evaluateLowStock } from './low-stock.sql.ts';

// A published level that may have crossed wakes us; the poll is for thresholds, and for what a dead process left.
const idleMs = 2_000;

/** Looks at items that may have crossed, in transactions of its own: it locks no level. */
export function createLowStockWorker(options: {
  db: Database;
  intervalMs: number;
  onEvaluated(): void;
  onError(err: unknown): void;
}) {
  return createWorker({
    name: 'low-stock-worker',
    intervalMs: options.intervalMs,
    idleMs: Math.max(options.intervalMs, idleMs),
    onError: options.onError,
    async run() {
      if ((await evaluateLowStock(options.db)) > 0) options.onEvaluated();
    },
  });
}
