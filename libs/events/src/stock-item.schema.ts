import { Type, type Static } from '@sinclair/typebox';
import {
  count,
  instant,
  name,
  optional,
  text,
  token,
  tracking,
  uuid,
  version,
} from './parts.schema.ts';

// Three keys on one topic, because a sequence only ever grows per key: the item by its own id, its crossings
// under `<item>/low-stock`, and each difference by its own id.

export const stockItemChanged = Type.Object(
  {
    stockItemId: uuid('What is counted.'),
    variantId: optional(uuid('The variant it belongs to, where there is one.')),
    sku: name('SKU of the stock item.'),
    title: text('Full title, as people know it.'),
    tracking,
    lowStockThreshold: count('At or below this many available it is low.'),
    backorderLimit: count('How many may be sold ahead of stock; 0 for none.'),
    productVersion: optional(
      Type.Integer({
        minimum: 1,
        description:
          'Version of the catalog’s product that this state has taken in; missing until there was one.',
      }),
    ),
    version,
  },
  {
    description:
      'The whole state of a stock item after a change of it; its counts are on the level topic.',
  },
);
export type StockItemChanged = Static<typeof stockItemChanged>;

export const lowStockChanged = Type.Object(
  {
    stockItemId: uuid('What is counted.'),
    variantId: optional(uuid('The variant it belongs to, where there is one.')),
    sku: name('SKU of the stock item.'),
    title: text('Full title, as people know it.'),
    isLow: Type.Boolean({
      description: 'Whether it is low now: true on the way down, false on the way up.',
    }),
    available: count('onHand − committed over all locations, when it crossed.'),
    lowStockThreshold: count('At or below this many available it is low.'),
    since: instant('When it was seen to have crossed.'),
  },
  {
    description:
      'An item crossed its low-stock threshold. Once per crossing; one that was undone within moments may be missing.',
  },
);
export type LowStockChanged = Static<typeof lowStockChanged>;

export const ledgerDifferenceFound = Type.Object(
  {
    differenceId: uuid('The finding.'),
    stockItemId: uuid('What is counted.'),
    sku: name('SKU of the stock item.'),
    locationId: optional(uuid('Where, for a difference of one level.')),
    locationCode: optional(text('Short code of that location.')),
    serialUnitId: optional(uuid('The unit, for a difference of one unit.')),
    kind: token('Which sum does not hold, for example ON_HAND, COMMITTED, UNIT_CLAIMS.'),
    expected: text('What the rows behind it make.'),
    found: text('What stands there instead.'),
    foundAt: instant('When it was found first.'),
  },
  {
    description:
      'The count contradicts its own ledger. Published once per difference; nothing is repaired by itself.',
  },
);
export type LedgerDifferenceFound = Static<typeof ledgerDifferenceFound>;
