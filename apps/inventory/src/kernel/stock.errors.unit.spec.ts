import { expect, test } from '@jest/globals';
import { unitNotAvailable } from './stock.errors.ts';

const piece = { sku: 'BROOCH-1', title: 'Estate Brooch', serial: 'EB-1' };
const name = 'Estate Brooch (BROOCH-1), serial EB-1';

test.each([
  ['SOLD', 'SALE', null, 'it is sold'],
  ['IN_REPAIR', null, null, 'it is in repair'],
  ['HELD', 'SALE', null, 'held by a sale and not to be released by itself'],
  [
    'HELD',
    'SALE',
    '2026-11-22T10:35:55.192477+00:00',
    'held by a sale until 2026-11-22T10:35:55.192Z',
  ],
])('a unit that is %s by %s until %s', (unitStatus, heldBy, heldUntil, words) => {
  const { message } = unitNotAvailable(piece, { unitStatus, heldBy, heldUntil });
  expect(message).toBe(`${name} is not available: ${words}.`);
});
