import { migration } from '@onecount/db';

/** Whether the product is published because something of it changed, or once more as it was. */
export const ProductsOnceMore1799900100000 = migration(
  'ProductsOnceMore1799900100000',
  'ALTER TABLE product_refresh ADD COLUMN is_change boolean NOT NULL DEFAULT true;',
);
