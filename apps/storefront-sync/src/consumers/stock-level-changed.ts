import type { EventHandler } from '@onecount/messaging';
import { lockForRefresh, refreshAndTell } from '../listing/listing.sync.ts';
import { saveIfNewer } from '../stock-copy/level.sql.ts';

/** Keeps this service's own copy of what is available, and with it every listing of the SKU. */
export const stockLevelChanged = (
  wakeDelivery: () => void,
): EventHandler<'inventory.stock-level-changed'> => ({
  type: 'inventory.stock-level-changed',
  consumer: 'storefront-sync.available',
  lock: (tx, events) => lockForRefresh(tx, [...new Set(events.map(({ data }) => data.sku))]),
  async handle(tx, { data: level }) {
    await lockForRefresh(tx, [level.sku]);
    if (!(await saveIfNewer(tx, level))) return;
    const changed = await refreshAndTell(tx, { skus: [level.sku] });
    if (changed.length > 0) tx.afterCommit(wakeDelivery);
  },
});
