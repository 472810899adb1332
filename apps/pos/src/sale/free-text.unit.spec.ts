import fc from 'fast-check';
import { readMovement } from '../cash/cash-movement.ts';
import { checkFreeText, hasCardNumber } from './free-text.ts';
import {
  checkCommit,
  checkLineAdd,
  checkLineUpdate,
  checkRecord,
  checkVoid,
} from './sale.input.ts';

// Numbers that networks publish for tests.
const cards = [
  '4111111111111111',
  '4222222222222',
  '5555 5555 5555 4444',
  '3782-822463-10005',
  '6011.0000.0000.0004',
  'Visa: 4111 1111 1111 1111, 12/29',
  'ref4111111111111111x',
  '4111111111111111 12/29 123',
  '17 4111 1111 1111 1111',
  '6304000000000000000',
  '４１１１ １１１１ １１１１ １１１１',
];
const others = [
  '4111111111111112',
  '411111111111',
  '41111111111111111111',
  '0000000000000000',
  'slip 12345, terminal 4711',
  '+49 30 1234567',
  '4111 1111 and 1111 1111',
  '',
];

it.each(cards)('sees a card number in %s', (text) => {
  expect(hasCardNumber(text)).toBe(true);
});

it.each(others)('sees none in "%s"', (text) => {
  expect(hasCardNumber(text)).toBe(false);
});

it('sees every number of 13 to 19 digits with one of the ten last digits, and no other', () => {
  const stems = fc.stringMatching(/^[1-9][0-9]{11,17}$/);
  fc.assert(
    fc.property(stems, (stem) => {
      const seen = [...'0123456789'].filter((digit) => hasCardNumber(stem + digit));
      expect(seen).toHaveLength(1);
    }),
  );
});

it('refuses it without repeating it', () => {
  const refusal = checkFreeText('note', 'card 4111 1111 1111 1111', { max: 500 });
  expect(refusal).toMatchObject({ __typename: 'InvalidInput', field: 'note' });
  expect(JSON.stringify(refusal)).not.toMatch(/1111/);
});

it('passes what a note may be, and says what is too long', () => {
  expect(checkFreeText('note', 'blue box', { max: 8 })).toBeUndefined();
  expect(checkFreeText('note', null, { max: 8 })).toBeUndefined();
  expect(checkFreeText('note', 'a blue box', { max: 8 })).toMatchObject({ value: 'a blue box' });
});

describe('no word beside a sale or its payment is a card number', () => {
  const text = 'card 4111-1111-1111-1111';
  const amount = { amount: '1.00', currencyCode: 'EUR' };
  const key = { idempotencyKey: 'key' };
  const line = { saleId: 'sale', lineId: 'line', ...key };
  const tenders = [
    { kind: 'CASH' as const, amount },
    { kind: 'CARD' as const, amount, reference: text },
  ];
  const web = { channel: 'WEB' as const, currencyCode: 'EUR', lines: [{ sku: 'A' }], ...key };
  const holdId = '01900000-0000-7000-8000-000000000001';
  const paidOut = { registerId: 'till', kind: 'PAY_OUT' as const, reason: 'OTHER' as const };
  const cases: [string, unknown][] = [
    ['tenders.1.reference', checkCommit({ saleId: 'sale', tenders, ...key })],
    ['tenders.1.reference', checkRecord({ ...web, tenders })],
    ['note', checkLineUpdate({ ...line, note: text })],
    ['holdReason', checkLineAdd({ ...line, holdId, holdReason: text })],
    ['reason', checkVoid({ saleId: 'sale', reason: text, ...key })],
    ['note', readMovement({ ...paidOut, amount, note: text, ...key })],
  ];
  it.each(cases)('refused as %s', (field, refusal) => {
    expect(refusal).toMatchObject({ __typename: 'InvalidInput', field, value: null });
  });
});
