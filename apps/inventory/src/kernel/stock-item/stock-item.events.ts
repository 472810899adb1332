import { sql, type Tx } from '@onecount/db';

const publishStatement = sql(
  'inventory.stock-item-publish',
  'SELECT stock_item_publish($1, $2, $3)',
);

/**
 * Queues `inventory.stock-item-changed` with the whole state of each item, under a new version: for whoever
 * makes items or changes what the event says of them.
 */
export async function publishStockItems(
  tx: Tx,
  ids: readonly string[],
  traceparent: string | null,
): Promise<void> {
  if (ids.length > 0) await tx.query(publishStatement, [tx.tenantId, ids, traceparent]);
}
