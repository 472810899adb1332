import { Type, type Static } from '@sinclair/typebox';
import {
  currencyCode,
  instant,
  name,
  optional,
  text,
  token,
  tracking,
  uuid,
  version,
} from './parts.schema.ts';

const soldUnit = Type.Object(
  {
    serialUnitId: uuid('The unit.'),
    serial: optional(text('Its serial value.')),
  },
  { description: 'A unit that was sold.' },
);

const saleLine = Type.Object(
  {
    lineId: uuid('The line.'),
    stockItemId: uuid('What was sold.'),
    variantId: optional(uuid('The variant it belongs to, where there is one.')),
    sku: name('SKU of the stock item.'),
    title: text('What the receipt says.'),
    serialUnitId: optional(uuid('The unit that was sold, for serialised goods.')),
    serial: optional(text('Its serial value.')),
    units: optional(
      Type.Array(soldUnit, {
        description:
          'Instead of serialUnitId, of a line of several: its units, as far as they are known one by one.',
      }),
    ),
    tracking,
    locationId: optional(
      uuid("Where its stock was claimed; may be another location than the sale's."),
    ),
    quantity: Type.Integer({ minimum: 1, description: 'Units sold.' }),
    unitPriceMinor: Type.Integer({ description: 'Price of one unit in the minor unit.' }),
    discountMinor: optional(
      Type.Integer({ description: 'What was taken off the whole line, in the minor unit.' }),
    ),
    totalMinor: Type.Integer({
      description: 'Total of the line in the minor unit, after its discount.',
    }),
  },
  { description: 'One line of the sale.' },
);

const tax = Type.Object(
  {
    lineId: uuid('The line.'),
    component: name('What receipts call it, for example VAT.'),
    rate: text('In percent, exact.'),
    scheme: token('STANDARD, EXEMPT (the buyer pays none), MARGIN (on what was earned alone).'),
    baseMinor: Type.Integer({ description: 'What is taxed, without the tax, in the minor unit.' }),
    taxMinor: Type.Integer({ description: 'The tax, in the minor unit.' }),
    addedMinor: optional(
      Type.Integer({
        description:
          'What the sale comes to more than its lines by it: nothing where the price has it in it. Of a sale alone.',
      }),
    ),
  },
  { description: 'One component of the tax of a line.' },
);

const sale = {
  saleId: uuid('The sale.'),
  version,
  receiptNumber: optional(text('Number on the receipt.')),
  channel: token('Where it was sold: COUNTER, WEB and channels to come.'),
  externalId: optional(text('Id of the order in that channel.')),
  locationId: optional(
    uuid('Location that the sale was made from; what left where, each line says for itself.'),
  ),
  registerId: optional(uuid('The register.')),
  committedAt: optional(instant('When it was committed.')),
  voidedAt: optional(instant('When it was voided.')),
  reason: optional(text('Why it was voided.')),
  currencyCode,
  totalMinor: Type.Integer({
    description: 'What the buyer owes, in the minor unit: the lines, tax that is added, rounding.',
  }),
  roundingMinor: optional(
    Type.Integer({ description: 'What the total was changed by so that coins could pay it.' }),
  ),
  taxes: optional(Type.Array(tax, { description: 'By line and component; left out, none.' })),
  lines: Type.Array(saleLine, {
    description: 'Every line but those that are no stock item, as a gift card.',
  }),
};

export const saleCommitted = Type.Object(sale, {
  description: 'A sale that is paid and final. Carries no personal data.',
});
export type SaleCommitted = Static<typeof saleCommitted>;

/** Whether a sale's event, unparsed, names any unit: most sales are of items that are counted by quantity. */
export const namesUnit = (body: string): boolean => body.includes('"serialUnitId"');

/** Every unit that the lines name, each once. */
export function unitsOfLines(
  lines: readonly Partial<Pick<SaleCommitted['lines'][number], 'serialUnitId' | 'units'>>[],
): string[] {
  const named = lines.flatMap(({ serialUnitId, units = [] }) => [
    ...(serialUnitId ? [serialUnitId] : []),
    ...units.map((unit) => unit.serialUnitId),
  ]);
  return [...new Set(named)];
}

export const saleVoided = Type.Object(sale, {
  description: 'A sale that will never take effect. Carries no personal data.',
});
export type SaleVoided = Static<typeof saleVoided>;

const returnedLine = Type.Object(
  {
    lineId: uuid('The line of the sale.'),
    stockItemId: uuid('What came back.'),
    variantId: optional(uuid('The variant it belongs to, where there is one.')),
    sku: name('SKU of the stock item.'),
    title: text('What the receipt says.'),
    units: optional(
      Type.Array(soldUnit, {
        description:
          'The units that came back, as far as the sale knows them one by one; another unit that was sold on the line may have come in the place of one.',
      }),
    ),
    tracking,
    quantity: Type.Integer({ minimum: 1, description: 'Units that came back.' }),
    totalMinor: Type.Integer({
      description: 'What was paid for them, and is given back, in the minor unit.',
    }),
    disposition: optional(
      token(
        'Where they go: STOCK, INSPECTION, BENCH, DAMAGED; left out for what is not counted. A disposition not known here is an INSPECTION.',
      ),
    ),
    locationId: optional(
      uuid(
        'Where they are, if elsewhere than the return: a sale that is taken back as a whole leaves its goods where they were.',
      ),
    ),
  },
  { description: 'Units of one line that came back and go one way.' },
);

const refund = Type.Object(
  {
    kind: token('How it was given back: CASH, CARD and kinds to come.'),
    amountMinor: Type.Integer({ description: 'How much, in the minor unit.' }),
  },
  { description: 'Money that was given back.' },
);

export const saleReturned = Type.Object(
  {
    saleId: uuid('The sale that it comes back of.'),
    version,
    returnId: uuid('The return; a sale may have several.'),
    returnNumber: name('Its number: without gaps in its location.'),
    receiptNumber: name('Number on the receipt of the sale.'),
    channel: token('Where it had been sold.'),
    kind: optional(
      token(
        'As what: RETURN, POST_VOID (the whole sale in its own shift) and kinds to come; left out, RETURN.',
      ),
    ),
    locationId: uuid('Where the goods are now, unless a line says otherwise.'),
    registerId: uuid('The register that took them back.'),
    shiftId: uuid('Its shift.'),
    returnedAt: instant('When.'),
    reason: token('Why, for example FAULTY.'),
    currencyCode,
    totalMinor: Type.Integer({ description: 'What is given back, in the minor unit.' }),
    lines: Type.Array(returnedLine, {
      description: 'What came back; without what is no stock item, as a gift card.',
    }),
    taxes: optional(
      Type.Array(tax, { description: 'The tax in it, by line and component; left out, none.' }),
    ),
    refunds: Type.Array(refund, { description: 'What was given back; its sum is the total.' }),
  },
  { description: 'Goods of a sale that came back, and their money. Carries no personal data.' },
);
export type SaleReturned = Static<typeof saleReturned>;
