import type { EventHandler } from '@onecount/messaging';
import { publishChange } from '../product/product.events.ts';
import { lockProduct, lockProductsOfVariants } from '../product/product.sql.ts';
import { hearStock, productOfVariant, setTracking } from '../variant/variant-tracking.sql.ts';

/**
 * A variant is counted as its stock item is: after a conversion, and where inventory could not follow what
 * the catalog said. Only an answer to our newest word counts: whatever changed here since is on its way to
 * inventory, which follows it or answers again. So two changes that cross never chase each other: our event
 * carries inventory's own tracking back, and inventory has nothing to say to that.
 */
export const stockItemChanged: EventHandler<'inventory.stock-item-changed'> = {
  type: 'inventory.stock-item-changed',
  consumer: 'catalog.variant-tracking',
  lock: (tx, events) =>
    lockProductsOfVariants(
      tx,
      events.flatMap(({ data }) => data.variantId ?? []),
    ),
  async handle(tx, { data }) {
    const { variantId, tracking, version, productVersion } = data;
    const productId = variantId && (await productOfVariant(tx, variantId));
    if (!variantId || !productId) return;
    const product = await lockProduct(tx, productId);
    if (product === undefined) return;
    const current = await hearStock(tx, { variantId, version });
    if (current === undefined || current === tracking) return;
    if (productVersion === undefined || productVersion < product.version) return;
    await setTracking(tx, variantId, tracking);
    await publishChange(tx, productId);
  },
};
