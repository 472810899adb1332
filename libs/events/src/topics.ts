export type TopicName =
  | 'catalog.product'
  | 'inventory.stock-level'
  | 'inventory.movement'
  | 'inventory.serial-unit'
  | 'inventory.stock-item'
  | 'pos.receipt'
  | 'pos.rental'
  | 'pos.lay-by'
  | 'pos.sale'
  | 'pos.shift'
  | 'workshop.repair'
  | 'passport.passport'
  | 'storefront.listing'
  | 'storefront.order';

export type Topic = { name: string; compacted: boolean; description: string };

const topic = (aggregate: TopicName, description: string, compacted = false): Topic => ({
  name: `onecount.${aggregate}.v1`,
  compacted,
  description,
});

/** One topic per aggregate. Only the level topic is compacted: the others are read as history. */
export const topics: Record<TopicName, Topic> = {
  'catalog.product': topic('catalog.product', 'Products with their variants.'),
  'inventory.stock-level': topic(
    'inventory.stock-level',
    'The newest count of every item and location.',
    true,
  ),
  'inventory.movement': topic('inventory.movement', 'The ledger, row by row.'),
  'inventory.serial-unit': topic('inventory.serial-unit', 'Physical units.'),
  'inventory.stock-item': topic(
    'inventory.stock-item',
    'What is counted: its settings, whether it is low, and where its count was found wrong.',
  ),
  'pos.receipt': topic('pos.receipt', 'Receipts that are to be mailed.'),
  'pos.rental': topic('pos.rental', 'Units that were let, once they are back.'),
  'pos.lay-by': topic('pos.lay-by', 'Instalments that customers are to be reminded of.'),
  'pos.sale': topic('pos.sale', 'Sales of every channel.'),
  'pos.shift': topic('pos.shift', 'Shifts of registers, once they are closed.'),
  'workshop.repair': topic('workshop.repair', 'Repair tickets.'),
  'passport.passport': topic('passport.passport', 'Passports.'),
  'storefront.listing': topic('storefront.listing', 'Listings in linked shops.'),
  'storefront.order': topic('storefront.order', 'Orders that came in from linked shops.'),
};
