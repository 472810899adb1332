import type { Database } from '@onecount/db';
import { createWorker } from '@onecount/service';
import { stepRepublish } from './republish.sql.ts';

const changesMax = 500;
const intervalMs = 100;
const idleMs = 5_000;

/** Takes what was asked for by steps, and never more than the relay and the publisher have behind them. */
export function createRepublishWorker(options: {
  db: Database;
  onQueued(): void;
  onError(err: unknown): void;
}) {
  const { db, onQueued, onError } = options;
  const worker = createWorker({
    name: 'republish-worker',
    intervalMs,
    idleMs,
    onError,
    async run() {
      const queued = await stepRepublish(db, changesMax);
      if (queued === null) return;
      onQueued();
      worker.wake();
    },
  });
  return worker;
}
