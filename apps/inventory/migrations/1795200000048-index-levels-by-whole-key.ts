import { migration } from '@onecount/db';

/**
 * On a young table the planner took the index on (tenant, location) for as good as the key, kept that plan, and
 * every look at one level read all levels of the location: filling 100,000 levels took minutes. Whichever
 * index it takes now, it finds one row.
 */
export const IndexLevelsByWholeKey1795200000048 = migration(
  'IndexLevelsByWholeKey1795200000048',
  `
DROP INDEX level_location;
CREATE INDEX level_location ON level (tenant_id, location_id, stock_item_id);
`,
);
