import fc from 'fast-check';
import { isRefusal } from '@onecount/refusal';
import {
  keptOf,
  leftOfAll,
  refundsAsked,
  refundsInOrder,
  type PaidTender,
  type RefundWish,
  type TenderKind,
} from './refund.ts';
import { isStoredKind } from '../stored-value/stored-value.ts';

const cash = (amountMinor: number) => ({ kind: 'CASH' as const, amountMinor, reference: null });
const card = (amountMinor: number) => ({ kind: 'CARD' as const, amountMinor, reference: null });
const paid = (...tenders: [TenderKind, number, number?][]): PaidTender[] =>
  tenders.map(([kind, keptMinor, refundedMinor = 0], position) => ({
    ...{ kind, keptMinor, refundedMinor, position },
    storedValueId: isStoredKind(kind) ? `value-${position}` : null,
  }));
const wish = (kind: TenderKind, amountMinor: number, tenderIndex: number | null = null) => ({
  ...{ kind, amountMinor, tenderIndex, reference: null },
});

test.each([
  ['without change all of it', [card(50), cash(70)], 0, [50, 70]],
  ['change is taken off cash', [cash(120)], 20, [100]],
  ['the cash that came last first', [cash(50), card(10), cash(20)], 30, [40, 10, 0]],
  ['nothing of nothing', [], 0, []],
])('what tenders paid: %s', (_name, tenders, change, kept) => {
  expect(keptOf(tenders, change)).toEqual(kept);
});

test('left out, money goes back tender by tender as far as each still has it', () => {
  const tenders = paid(['CARD', 50, 50], ['CASH', 30, 10], ['CARD', 40]);
  const refunds = refundsInOrder(tenders, 45);
  expect(
    refunds.map(({ tenderPosition, kind, amountMinor }) => [tenderPosition, kind, amountMinor]),
  ).toEqual([
    [1, 'CASH', 20],
    [2, 'CARD', 25],
  ]);
  expect(refundsInOrder(tenders, 0)).toEqual([]);
});

const due = { currencyCode: 'EUR' };
test.each<[string, PaidTender[], RefundWish[], [number, string, number][]]>([
  [
    'cash is cash that was paid',
    paid(['CARD', 50], ['CASH', 50]),
    [wish('CASH', 50)],
    [[1, 'CASH', 50]],
  ],
  [
    'and then stands for a card',
    paid(['CARD', 50], ['CASH', 50]),
    [wish('CASH', 70)],
    [
      [1, 'CASH', 50],
      [0, 'CASH', 20],
    ],
  ],
  [
    'a gift card its own, and store credit stands for anything',
    paid(['GIFT_CARD', 50], ['CASH', 50], ['CARD', 50]),
    [wish('GIFT_CARD', 20), wish('STORE_CREDIT', 90)],
    [
      [0, 'GIFT_CARD', 20],
      [0, 'STORE_CREDIT', 30],
      [1, 'STORE_CREDIT', 50],
      [2, 'STORE_CREDIT', 10],
    ],
  ],
  [
    'each card its own',
    paid(['CARD', 50], ['CARD', 50]),
    [wish('CARD', 10, 1), wish('CARD', 60)],
    [
      [1, 'CARD', 10],
      [0, 'CARD', 50],
      [1, 'CARD', 10],
    ],
  ],
])('as asked: %s', (_name, tenders, wishes, expected) => {
  const dueMinor = wishes.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const refunds = refundsAsked(tenders, { ...due, dueMinor }, wishes);
  if (isRefusal(refunds)) throw new Error(refunds.message);
  expect(refunds.map((one) => [one.tenderPosition, one.kind, one.amountMinor])).toEqual(expected);
});

test('only the card or credit that paid gets back what it gave; what stands for another tender is somebody’s credit', () => {
  const tenders = paid(['GIFT_CARD', 50], ['STORE_CREDIT', 50], ['CASH', 50]);
  const targets = (refunds: ReturnType<typeof refundsAsked>) =>
    isRefusal(refunds) ? [] : refunds.map(({ kind, storedValueId }) => [kind, storedValueId]);
  expect(targets(refundsInOrder(tenders, 150))).toEqual([
    ['GIFT_CARD', 'value-0'],
    ['STORE_CREDIT', 'value-1'],
    ['CASH', null],
  ]);
  const asCredit = refundsAsked(tenders, { ...due, dueMinor: 150 }, [wish('STORE_CREDIT', 150)]);
  expect(targets(asCredit)).toEqual([
    ['STORE_CREDIT', 'value-1'],
    ['STORE_CREDIT', null],
    ['STORE_CREDIT', null],
  ]);
});

test.each<[string, PaidTender[], number, RefundWish[], object]>([
  [
    'less than is due',
    paid(['CASH', 50]),
    50,
    [wish('CASH', 49)],
    { __typename: 'RefundMismatch' },
  ],
  ['nothing for something', paid(['CASH', 50]), 50, [], { __typename: 'RefundMismatch' }],
  [
    'more than a card paid',
    paid(['CARD', 30, 10], ['CASH', 50]),
    30,
    [wish('CARD', 30)],
    {
      __typename: 'RefundExceedsTender',
      requested: { amount: '0.30' },
      refundable: { amount: '0.20' },
    },
  ],
  [
    'by card what was paid in cash',
    paid(['CASH', 50]),
    50,
    [wish('CARD', 50)],
    { __typename: 'InvalidInput', field: 'refunds.0.kind' },
  ],
  [
    'as cash what a gift card gave',
    paid(['GIFT_CARD', 50], ['STORE_CREDIT', 50], ['CASH', 10]),
    50,
    [wish('CASH', 50)],
    { __typename: 'RefundExceedsTender', refundable: { amount: '0.10' } },
  ],
  [
    'a tender that there is not',
    paid(['CASH', 50]),
    50,
    [wish('CASH', 50, 7)],
    { __typename: 'InvalidInput', field: 'refunds.0.kind' },
  ],
])('refuses %s', (_name, tenders, dueMinor, wishes, refusal) => {
  expect(refundsAsked(tenders, { ...due, dueMinor }, wishes)).toMatchObject(refusal);
});

test('whatever is asked, refunds come to what is due and no tender gives more than it has left', () => {
  const tender = fc.tuple(
    fc.constantFrom('CASH' as const, 'CARD' as const),
    fc.nat(99),
    fc.nat(99),
  );
  const asked = fc.tuple(
    fc.constantFrom('CASH' as const, 'CARD' as const),
    fc.integer({ min: 1, max: 60 }),
  );
  fc.assert(
    fc.property(
      fc.array(tender, { maxLength: 4 }),
      fc.array(asked, { maxLength: 4 }),
      (given, wants) => {
        const tenders = paid(
          ...given.map(([kind, kept, back]): ['CASH' | 'CARD', number, number] => [
            kind,
            kept,
            Math.min(kept, back),
          ]),
        );
        const wishes = wants.map(([kind, amount]) => wish(kind, amount));
        const dueMinor = wishes.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        const refunds = refundsAsked(tenders, { ...due, dueMinor }, wishes);
        if (isRefusal(refunds)) return;
        const byTender = Map.groupBy(refunds, ({ tenderPosition }) => tenderPosition);
        const sums = [...byTender].map(([position, list]) => {
          const sum = list.reduce((total, { amountMinor }) => total + amountMinor, 0);
          expect(sum).toBeLessThanOrEqual(leftOfAll([tenders[position]!]));
          return sum;
        });
        expect(sums.reduce((total, sum) => total + sum, 0)).toBe(dueMinor);
      },
    ),
  );
});
