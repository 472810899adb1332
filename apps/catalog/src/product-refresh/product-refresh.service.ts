import type { Database } from '@onecount/db';
import { publishChange } from '../product/product.events.ts';
import { lockProduct } from '../product/product.sql.ts';
import { dueRefreshes, takeRefresh } from './product-refresh.sql.ts';

/** So many products are published anew by one call of `refreshDue`. */
export const refreshesMost = 100;

/** Publishes what is due, of every tenant; answers how many there were. */
export async function refreshDue(db: Database): Promise<number> {
  const due = await db.asSystem('sweeper', (tx) => dueRefreshes(tx, refreshesMost));
  for (const { tenantId, productId } of due) {
    await db.inTransaction(tenantId, async (tx) => {
      // The product first, as every change does: two that wait for each other would be a deadlock.
      const product = await lockProduct(tx, productId);
      if (!(await takeRefresh(tx, productId)) || product === undefined) return;
      await publishChange(tx, productId);
    });
  }
  return due.length;
}
