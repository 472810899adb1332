import type { Database } from '@onecount/db';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import { dueProducts, indexProducts } from './search.sql.ts';

const perStep = 50;
const pollMs = 5_000;

/** Indexes what a release or a renaming left to be indexed; each step is a transaction of its own. */
export function createSearchWorker({
  db,
  log,
}: {
  db: Database;
  log: ServiceDeps['backgroundLog'];
}): Worker {
  async function step(): Promise<number> {
    const due = await db.asSystem('sweeper', (tx) => dueProducts(tx, perStep));
    for (const [tenantId, products] of Map.groupBy(due, (product) => product.tenantId)) {
      const ids = products.map(({ id }) => id);
      await db.inTransaction(tenantId, (tx) => indexProducts(tx, ids));
    }
    return due.length;
  }
  return createWorker({
    name: 'search-index',
    intervalMs: pollMs,
    async run(signal) {
      while (!signal.aborted && (await step()) > 0);
    },
    onError: (err) => log.error({ err }, 'products could not be indexed'),
  });
}
