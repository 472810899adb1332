import type { Sale } from '../sale/sale.ts';
import { problemOf, type Promotion } from './promotion.ts';

const now = new Date('2026-12-01T10:00:00Z');
const sale = {
  ...{ channel: 'WEB', locationId: 'hq', currencyCode: 'EUR' },
  discounts: [],
} as unknown as Sale;
const promotion = (part: Partial<Promotion>): Promotion =>
  ({
    ...{ id: 'one', validFrom: null, validUntil: null, usesMax: null, usesTaken: 0, endedAt: null },
    ...{ currencyCode: null, channels: [], locationIds: [] },
    ...part,
  }) as unknown as Promotion;

it.each<[string, Partial<Promotion>, Partial<Sale>, string | undefined]>([
  ['without any condition', {}, {}, undefined],
  ['from this moment on', { validFrom: now }, {}, undefined],
  ['until this moment', { validUntil: now }, {}, 'EXPIRED'],
  ['a moment later', { validFrom: new Date(now.getTime() + 1) }, {}, 'NOT_YET_VALID'],
  ['with a use left', { usesMax: 2, usesTaken: 1 }, {}, undefined],
  ['without one', { usesMax: 2, usesTaken: 2 }, {}, 'USED_UP'],
  ['of its channel', { channels: ['COUNTER', 'WEB'] }, {}, undefined],
  ['of another', { channels: ['COUNTER'] }, {}, 'OTHER_CHANNEL'],
  ['of its place', { locationIds: ['hq'] }, {}, undefined],
  ['of another place', { locationIds: ['east'] }, {}, 'OTHER_LOCATION'],
  [
    'of a place, and the sale has none',
    { locationIds: ['hq'] },
    { locationId: null },
    'OTHER_LOCATION',
  ],
  ['of its currency', { currencyCode: 'EUR' }, {}, undefined],
  ['of another currency', { currencyCode: 'USD' }, {}, 'OTHER_CURRENCY'],
  ['ended, before anything else', { endedAt: now, validUntil: now }, {}, 'ENDED'],
  [
    'applied already',
    {},
    { discounts: [{ promotionId: 'one' }] as Sale['discounts'] },
    'APPLIED_ALREADY',
  ],
])('a promotion %s', (_name, part, of, expected) => {
  expect(problemOf(promotion(part), { ...sale, ...of }, now)).toBe(expected);
});
