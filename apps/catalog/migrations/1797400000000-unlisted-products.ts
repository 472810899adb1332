import { migration } from '@onecount/db';

/** A product may be on sale and stand in no public list: whoever has its address finds it. */
export const UnlistedProducts1797400000000 = migration(
  'UnlistedProducts1797400000000',
  'ALTER TABLE product ADD COLUMN is_unlisted boolean NOT NULL DEFAULT false;',
);
