import { migration } from '@onecount/db';

/** The newest word of inventory on a variant's stock item that was heard: an older one changes nothing. */
export const AddStockVersion1763800300000 = migration(
  'AddStockVersion1763800300000',
  'ALTER TABLE variant ADD COLUMN stock_version bigint NOT NULL DEFAULT 0;',
);
