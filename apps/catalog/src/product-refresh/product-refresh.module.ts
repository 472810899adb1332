import type { Database } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { createWorker, type Module } from '@onecount/service';
import { productChanged } from '../product/product.events.ts';
import { bumpProductVersion, lockProduct } from '../product/product.sql.ts';
import type { CatalogDeps } from '../shared.ts';
import { dueRefreshes, takeRefresh } from './product-refresh.sql.ts';

const batchSize = 100;

/** A renamed vendor or category stands in the events of its products, which may be thousands: they follow one by one. */
export const productRefreshModule: Module<CatalogDeps> = {
  name: 'product-refresh',
  start: ({ db, backgroundLog }) => ({
    background: [
      createWorker({
        name: 'product-refreshes',
        intervalMs: 1_000,
        async run(signal) {
          while (!signal.aborted && (await refreshDue(db)) === batchSize);
        },
        onError: (err) => backgroundLog.error({ err }, 'products could not be published again'),
      }),
    ],
  }),
};

/** Publishes what is due, of every tenant; answers how many there were. */
export async function refreshDue(db: Database): Promise<number> {
  const due = await db.asSystem('sweeper', (tx) => dueRefreshes(tx, batchSize));
  for (const { tenantId, productId } of due) {
    await db.inTransaction(tenantId, async (tx) => {
      // The product first, as every change does: two that wait for each other would be a deadlock.
      const product = await lockProduct(tx, productId);
      if (!(await takeRefresh(tx, productId)) || product === undefined) return;
      await bumpProductVersion(tx, productId);
      await appendEvents(tx, [await productChanged(tx, productId)]);
    });
  }
  return due.length;
}
