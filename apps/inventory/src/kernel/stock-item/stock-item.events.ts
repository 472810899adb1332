import { sql, type Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import { currentTraceparent } from '@onecount/telemetry';

const publishStatement = sql(
  'inventory.stock-item-publish',
  'SELECT stock_item_publish($1, $2, $3)',
);

/**
 * Queues `inventory.stock-item-changed` with the whole state of each item, under a new version: for whoever
 * makes items or changes what the event says of them, or whether they are on sale.
 */
export async function publishStockItems(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(publishStatement, [tx.tenantId, ids, currentTraceparent()]);
  tx.afterCommit(wakeRelays);
}
