import { migration } from '@onecount/db';

/**
 * Whether a public shop may know of an item: its product is active and so is its variant. What is there
 * already stays visible until its product changes; what is new is not until the catalog says so.
 */
export const AddOnSale1795200000013 = migration(
  'AddOnSale1795200000013',
  `
ALTER TABLE stock_item ADD COLUMN is_on_sale boolean NOT NULL DEFAULT true;
ALTER TABLE stock_item ALTER COLUMN is_on_sale SET DEFAULT false;
`,
);
