import { appendEvents, type EventHandler } from '@onecount/messaging';
import { isNewVersion, knownSkus, replaceVariants } from '../catalog-copy/product.sql.ts';
import { listingChanged } from '../listing/listing.events.ts';
import { withdrawListings } from '../listing/listing.sql.ts';
import { lockForRefresh, refreshAndPublish } from '../listing/listing.sync.ts';

/** Lists every eligible variant on every connection, and takes back what is no longer eligible. */
export const productChanged = (
  wakeDelivery: () => void,
): EventHandler<'catalog.product-changed'> => ({
  type: 'catalog.product-changed',
  consumer: 'storefront-sync.listing',
  // It locks every SKU of its product, known only when the copy is read: two in one transaction would
  // lock in another order than two in another.
  isAlone: true,
  async handle(tx, { data: product }) {
    if (!(await isNewVersion(tx, product))) return;
    const skus = [
      ...new Set([
        ...(await knownSkus(tx, product.productId)),
        ...product.variants.map(({ sku }) => sku),
      ]),
    ];
    await lockForRefresh(tx, skus);
    const gone = await replaceVariants(tx, product);
    const withdrawn = gone.length === 0 ? [] : await withdrawListings(tx, gone);
    await appendEvents(tx, withdrawn.map(listingChanged));
    const changed = await refreshAndPublish(tx, { skus });
    if (changed.length + withdrawn.length > 0) tx.afterCommit(wakeDelivery);
  },
});
