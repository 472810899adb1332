import type { Database } from '@onecount/db';
import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import { dueProducts, dueVariants, indexProducts, indexVariants } from './search.sql.ts';

const perStep = 50;
const intervalMs = 100;
const pollMs = 5_000;

/**
 * Indexes what a release or a renaming left to be indexed, and products of which other services said something. Each
 * step is a transaction of its own.
 */
export function createSearchWorker({
  db,
  log,
}: {
  db: Database;
  log: ServiceDeps['backgroundLog'];
}): Worker {
  const kinds = [
    { due: dueVariants, index: indexVariants },
    { due: dueProducts, index: indexProducts },
  ];

  async function step({ due, index }: (typeof kinds)[number]): Promise<number> {
    const found = await db.asSystem('sweeper', (tx) => due(tx, perStep));
    for (const [tenantId, rows] of Map.groupBy(found, (row) => row.tenantId)) {
      const ids = rows.map(({ id }) => id);
      await db.inTransaction(tenantId, (tx) => index(tx, ids));
    }
    return found.length;
  }

  return createWorker({
    name: 'search-index',
    intervalMs,
    idleMs: pollMs,
    async run(signal) {
      for (const kind of kinds) while (!signal.aborted && (await step(kind)) > 0);
    },
    onError: (err) => log.error({ err }, 'products could not be indexed'),
  });
}
