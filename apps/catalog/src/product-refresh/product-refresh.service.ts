import type { Database } from '@onecount/db';
import { publishChange, publishProducts } from '../product/product.events.ts';
import { lockProduct } from '../product/product.sql.ts';
import {
  dueRefreshes,
  refreshProductsOfTenant,
  takeRefresh,
  tenantsWithProducts,
} from './product-refresh.sql.ts';

/** So many products are published anew by one call of `refreshDue`. */
export const refreshesMost = 100;

/** Publishes what is due, of every tenant; answers how many there were. */
export async function refreshDue(db: Database): Promise<number> {
  const due = await db.asSystem('sweeper', (tx) => dueRefreshes(tx, refreshesMost));
  for (const { tenantId, productId } of due) {
    await db.inTransaction(tenantId, async (tx) => {
      // The product first, as every change does: two that wait for each other would be a deadlock.
      const product = await lockProduct(tx, productId);
      const taken = await takeRefresh(tx, productId);
      if (taken === undefined) return;
      if (!taken.isChange) await publishProducts(tx, [productId]);
      else if (product !== undefined) await publishChange(tx, productId);
    });
  }
  return due.length;
}

/** For whoever runs the system: the products of one tenant, or of all, once more; answers of how many tenants. */
export async function republishProducts(
  db: Database,
  tenantId: string | undefined,
): Promise<number> {
  const tenants = tenantId ? [tenantId] : await db.asSystem('sweeper', tenantsWithProducts);
  for (const each of tenants) await db.inTransaction(each, refreshProductsOfTenant);
  return tenants.length;
}
