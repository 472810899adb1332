import { migration } from '@onecount/db';

/** Products that are written together have their opening stock delivered together. */
export const StockBundles1799700000000 = migration(
  'StockBundles1799700000000',
  `
ALTER TABLE stock_command ADD COLUMN bundle_id uuid;
CREATE INDEX stock_command_by_bundle ON stock_command (tenant_id, bundle_id) WHERE bundle_id IS NOT NULL;
`,
);
