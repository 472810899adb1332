import { handlerOfGroups, type EventHandler } from '@onecount/messaging';
import { refreshAndPublish } from '../listing/listing.sync.ts';
import { saveLevels } from '../stock-copy/level.sql.ts';

/** Keeps this service's own copy of what is available, and with it every listing of the SKU. */
export const stockLevelChanged = (
  wakeDelivery: () => void,
): EventHandler<'inventory.stock-level-changed'> =>
  handlerOfGroups({
    type: 'inventory.stock-level-changed',
    consumer: 'storefront-sync.available',
    async handleAll(tx, events) {
      const skus = await saveLevels(
        tx,
        events.map(({ data }) => data),
      );
      if (skus.length === 0) return;
      const changed = await refreshAndPublish(tx, { skus });
      if (changed.length > 0) tx.afterCommit(wakeDelivery);
    },
  });
