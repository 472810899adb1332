import { migration } from '@onecount/db';

/**
 * Marks for a look at low stock are found by their item, because a publisher asks whether one stands; there
 * are few since then. level_publish_free became stock_publish.
 */
export const MarkLowStockByItem1796200000000 = migration(
  'MarkLowStockByItem1796200000000',
  `
CREATE INDEX low_stock_due_item ON low_stock_due (tenant_id, stock_item_id);
DROP FUNCTION IF EXISTS level_publish_free(integer);
`,
);
