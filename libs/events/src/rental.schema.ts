import { Type } from '@sinclair/typebox';
import { currencyCode, instant, name, optional, text, uuid, version } from './parts.schema.ts';

const minor = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, in the minor unit.` });

export const rentalEnded = Type.Object(
  {
    rentalId: uuid('The rental.'),
    version,
    stockItemId: uuid('The item of the unit.'),
    serialUnitId: uuid('The unit that was let.'),
    sku: name('SKU of the item.'),
    serial: optional(text('Its serial value or stock number.')),
    from: instant('Begin of the period that was booked.'),
    until: instant('Its end.'),
    outAt: instant('When the unit went out.'),
    endedAt: instant('When it came back.'),
    currencyCode,
    priceMinor: minor('What the period costs'),
    lateFeeMinor: minor('What coming back late costs'),
    damageFeeMinor: minor('What damage costs'),
  },
  { description: 'A unit that was let is back, with what it earned. Carries no personal data.' },
);
