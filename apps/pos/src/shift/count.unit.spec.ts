import fc from 'fast-check';
import { exponentOf, moneyOf } from '@onecount/money';
import { isRefusal } from '@onecount/refusal';
import { compared, readCount, type CountInput } from './count.ts';
import { isDenomination } from './denominations.ts';

test.each([
  ['EUR', [1, 200, 50_000], [3, 300, 2500, 100_000, 0, -1]],
  ['USD', [1, 25, 200, 10_000], [2, 20, 50_000]],
  ['CHF', [5, 100_000], [1, 2, 50_000]],
  ['JPY', [1, 5, 2000, 10_000], [2, 20, 25, 20_000]],
  ['KWD', [5, 250, 20_000], [1, 25, 200]],
  // Not listed: 1, 2, 2.5 or 5 times a power of ten.
  ['ISK', [1, 5, 10, 2000, 10_000], [0, 3, 15, 101, 1e10]],
  ['TND', [20, 50, 5000, 25_000], [7, 30, 1005]],
])('%s has notes and coins of %j and none of %j', (code, some, none) => {
  expect(some.filter((value) => !isDenomination(code, value))).toEqual([]);
  expect(none.filter((value) => isDenomination(code, value))).toEqual([]);
});

const money = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
const pieces = (denomination: string, count = 1) => ({ denomination, count });
const slips = (amount: string, kind: 'CARD' | 'CASH' = 'CARD', currencyCode = 'EUR') => ({
  kind,
  amount: money(amount, currencyCode),
});

test.each<[string, CountInput, string, string]>([
  ['a negative count', { countedCash: money('-1') }, 'countedCash', '-1'],
  ['three decimals of EUR', { countedCash: money('1.001') }, 'countedCash', '1.001'],
  ['a currency that is none', { countedCash: money('1', 'EUX') }, 'countedCash', '1'],
  [
    'a note that is none',
    { countedCash: money('3'), denominations: [pieces('1', 3), pieces('3.00', 0)] },
    'denominations.1.denomination',
    '3.00',
  ],
  [
    'a coin of three decimals in EUR',
    { countedCash: money('0'), denominations: [pieces('0.005', 0)] },
    'denominations.0.denomination',
    '0.005',
  ],
  [
    'a coin counted twice, however it is written',
    { countedCash: money('2'), denominations: [pieces('1'), pieces('1.00')] },
    'denominations.1.denomination',
    '1.00',
  ],
  [
    'fewer than none',
    { countedCash: money('0'), denominations: [pieces('1', -1)] },
    'denominations.0.count',
    '-1',
  ],
  [
    '10,000 kinds of coins',
    { countedCash: money('0'), denominations: Array.from({ length: 10_000 }, () => pieces('1')) },
    'denominations',
    '10000',
  ],
  [
    'the cash of the drawer once more',
    { countedCash: money('1'), countedTenders: [slips('1', 'CASH')] },
    'countedTenders.0',
    'CASH',
  ],
  [
    'a tender twice',
    { countedCash: money('1'), countedTenders: [slips('1'), slips('2')] },
    'countedTenders.1',
    'CARD',
  ],
  [
    'a negative tender',
    { countedCash: money('1'), countedTenders: [slips('-1')] },
    'countedTenders.0.amount',
    '-1',
  ],
])('refuses %s by its place and value', (_name, input, field, value) => {
  expect(readCount(input)).toMatchObject({ __typename: 'InvalidInput', field, value });
});

test('notes and coins come to the cash, whatever the currency, and one more or less does not', () => {
  const drawer = fc.record({
    currencyCode: fc.constantFrom('EUR', 'JPY', 'KWD'),
    counts: fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 3, maxLength: 3 }),
    off: fc.constantFrom(0, 1, -1),
  });
  fc.assert(
    fc.property(drawer, ({ currencyCode, counts, off }) => {
      const values = [5, 100, 1000];
      const total = values.reduce((sum, value, index) => sum + value * counts[index]!, 0);
      if (total + off < 0) return;
      const amount = (amountMinor: number) => moneyOf({ amountMinor, currencyCode });
      const denominations = values.map((value, index) =>
        pieces(amount(value).amount, counts[index]),
      );
      const count = readCount({ countedCash: amount(total + off), denominations });
      expect(exponentOf(currencyCode)).toBeDefined();
      if (off === 0) expect(count).toMatchObject({ tenders: [{ amountMinor: total }] });
      else
        expect(isRefusal(count) && count).toMatchObject({
          __typename: 'DenominationsMismatch',
          denominationsTotal: amount(total),
        });
    }),
  );
});

test('expected and counted stand side by side, each tender and currency once', () => {
  const cash = { kind: 'CASH' as const, currencyCode: 'EUR' };
  const cards = { kind: 'CARD' as const, currencyCode: 'EUR' };
  const dollars = { kind: 'CASH' as const, currencyCode: 'USD' };
  const expected = [
    { ...cash, amountMinor: 500 },
    { ...cards, amountMinor: 700 },
  ];
  const counted = [
    { ...dollars, amountMinor: 20 },
    { ...cash, amountMinor: 490 },
  ];
  expect(compared(expected, counted)).toEqual([
    { ...cash, expectedMinor: 500, countedMinor: 490 },
    { ...dollars, expectedMinor: 0, countedMinor: 20 },
    { ...cards, expectedMinor: 700, countedMinor: null },
  ]);
});
