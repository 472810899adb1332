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
    totalMinor: Type.Integer({ description: 'Total of the line in the minor unit.' }),
  },
  { description: 'One line of the sale.' },
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
  totalMinor: Type.Integer({ description: 'Total of the sale in the minor unit.' }),
  lines: Type.Array(saleLine, { description: 'Every line.' }),
};

export const saleCommitted = Type.Object(sale, {
  description: 'A sale that is paid and final. Carries no personal data.',
});
export type SaleCommitted = Static<typeof saleCommitted>;

/** Every unit that the lines name, each once. */
export function unitsOfLines(
  lines: readonly Pick<SaleCommitted['lines'][number], 'serialUnitId' | 'units'>[],
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
