import {
  dayMs,
  evenParts,
  everyWeeks,
  expiresAt,
  feeOf,
  isInOrder,
  leastDeposit,
  nextDue,
  percentOf,
  scheduledOf,
  usualTerms,
} from './lay-by.ts';

it.each([
  [10_000, 10, 1000],
  [9999, 10, 1000],
  [5, 10, 1],
  [4, 10, 0],
  [999_999_999_999_999, 33, 330_000_000_000_000],
])('of %i minor units %i %% are %i', (amountMinor, percent, expected) => {
  expect(percentOf(amountMinor, percent)).toBe(expected);
});

it.each([
  [10_000, 10, 1000],
  [10_001, 10, 1001],
  [10_000, 0, 1],
  [3, 99, 3],
])('of %i at least %i %% are paid at once: %i', (totalMinor, depositPercent, expected) => {
  expect(leastDeposit(totalMinor, { ...usualTerms, depositPercent })).toBe(expected);
});

it.each([
  ['a percentage', { feePercent: 5 }, 500],
  ['nothing', { feePercent: 0 }, 0],
  ['an amount', { feePercent: null, feeMinor: 2500, feeCurrency: 'EUR' }, 2500],
  ['no amount of another currency', { feePercent: null, feeMinor: 2500, feeCurrency: 'USD' }, 0],
])('a cancellation costs %s', (_name, terms, expected) => {
  const sale = { totalMinor: 10_000, currencyCode: 'EUR' };
  expect(feeOf(sale, { ...usualTerms, ...terms })).toBe(expected);
});

it.each([
  [10_000, 3, [3334, 3333, 3333]],
  [7, 7, [1, 1, 1, 1, 1, 1, 1]],
  [2, 3, [1, 1, 0]],
])('%i in %i parts are %j', (restMinor, count, expected) => {
  expect(evenParts(restMinor, count)).toEqual(expected);
});

const from = new Date('2026-12-01T10:00:00Z');

it('is due every so many weeks, and comes to the rest', () => {
  const instalments = everyWeeks({ weeks: 2, count: 3 }, { restMinor: 100, from });
  expect(instalments).toEqual([
    { dueAt: new Date('2026-12-15T10:00:00Z'), amountMinor: 34 },
    { dueAt: new Date('2026-12-29T10:00:00Z'), amountMinor: 33 },
    { dueAt: new Date('2027-01-12T10:00:00Z'), amountMinor: 33 },
  ]);
  expect(scheduledOf(instalments)).toBe(100);
});

it('stands in order of its dates, each once, from now on', () => {
  const at = (days: number) => ({
    dueAt: new Date(from.getTime() + days * dayMs),
    amountMinor: 1,
  });
  expect(isInOrder([at(1), at(2)], from)).toBe(true);
  expect(isInOrder([at(2), at(2)], from)).toBe(false);
  expect(isInOrder([at(2), at(1)], from)).toBe(false);
  expect(isInOrder([at(0)], from)).toBe(false);
});

it.each([
  [20, 0],
  [49, 0],
  [50, 1],
  [79, 1],
  [80, undefined],
])('after %i of 80 were paid the next one due is %p', (paidMinor, expected) => {
  const instalments = everyWeeks({ weeks: 1, count: 2 }, { restMinor: 60, from });
  const next = nextDue(instalments, { depositMinor: 20, paidMinor });
  expect(next).toBe(expected === undefined ? undefined : instalments[expected]);
});

it('ends by itself when the shop says so, the days of grace after what is due', () => {
  const [next] = everyWeeks({ weeks: 1, count: 1 }, { restMinor: 60, from });
  const grace = { graceDays: 2, expiry: 'CANCEL' as const };
  expect(expiresAt(next, grace)).toEqual(new Date('2026-12-10T10:00:00Z'));
  expect(expiresAt(next, { ...grace, expiry: 'TELL' })).toBeNull();
  expect(expiresAt(undefined, grace)).toBeNull();
});
