import type { PaidTender } from '../return/refund.ts';
import { differenceOf, refundsOf } from './exchange.ts';

const tenders: PaidTender[] = [
  { position: 0, kind: 'CARD', keptMinor: 3000, refundedMinor: 1000, storedValueId: null },
  { position: 1, kind: 'CASH', keptMinor: 5000, refundedMinor: 0, storedValueId: null },
];
const currencyCode = 'EUR';
const refund = (tenderPosition: number, kind: PaidTender['kind'], amountMinor: number) => ({
  ...{ tenderPosition, kind, amountMinor, reference: null, storedValueId: null },
});

it.each([
  ['dearer', 5000, 8000, { usedMinor: 5000, dueMinor: 3000, backMinor: 0 }],
  ['as dear', 5000, 5000, { usedMinor: 5000, dueMinor: 0, backMinor: 0 }],
  ['cheaper', 5000, 1000, { usedMinor: 1000, dueMinor: 0, backMinor: 4000 }],
  ['nothing worth', 0, 1000, { usedMinor: 0, dueMinor: 1000, backMinor: 0 }],
  ['for nothing', 5000, 0, { usedMinor: 0, dueMinor: 0, backMinor: 5000 }],
])('%s', (_name, creditMinor, totalMinor, difference) => {
  expect(differenceOf(creditMinor, totalMinor)).toEqual(difference);
});

it('what goes back as money goes first, what is left of the tenders pays for the goods', () => {
  const difference = { ...differenceOf(6000, 3500), currencyCode };
  expect(refundsOf(tenders, difference, undefined)).toEqual([
    refund(0, 'CARD', 2000),
    refund(1, 'CASH', 500),
    refund(1, 'EXCHANGE', 3500),
  ]);
});

it('as it is asked for: cash, and the card pays for the goods', () => {
  const difference = { ...differenceOf(6000, 3500), currencyCode };
  const wish = { kind: 'CASH' as const, amountMinor: 2500, tenderIndex: null, reference: null };
  expect(refundsOf(tenders, difference, [wish])).toEqual([
    refund(1, 'CASH', 2500),
    refund(0, 'EXCHANGE', 2000),
    refund(1, 'EXCHANGE', 1500),
  ]);
});

it('money that is not due does not go back', () => {
  const wish = { kind: 'CASH' as const, amountMinor: 1, tenderIndex: null, reference: null };
  const difference = { ...differenceOf(3000, 3000), currencyCode };
  expect(refundsOf(tenders, difference, [wish])).toMatchObject({ __typename: 'RefundMismatch' });
});
