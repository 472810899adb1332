import fc from 'fast-check';
import { isAmount, isReading, marginOf, moneyOfSum, splitEvenly } from './item-ledger.ts';

test.each([
  [100, 3, [34, 33, 33]],
  [-100, 3, [-34, -33, -33]],
  [2, 3, [1, 1, 0]],
  [0, 2, [0, 0]],
  [999, 1, [999]],
])('%i minor units over %i units are %j', (amount, parts, shares) => {
  expect(splitEvenly(amount, parts)).toEqual(shares);
});

test('no minor unit is lost or made, and no two shares differ by more than one', () => {
  const amounts = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 9_999 }), (amount, parts) => {
      const shares = splitEvenly(amount, parts);
      expect(shares).toHaveLength(parts);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

test.each([
  [420050n, 'EUR', '4200.50'],
  [-5n, 'EUR', '-0.05'],
  [4200n, 'JPY', '4200'],
  [123456789012345678901n, 'EUR', '1234567890123456789.01'],
])('a sum of %s minor units of %s is %s', (minor, currencyCode, amount) => {
  expect(moneyOfSum(minor, currencyCode)).toEqual({ amount, currencyCode });
});

test('the margin is what is left of the income', () => {
  const sums = { currencyCode: 'EUR', income: '10000', expense: '2500', costOfGoods: '9000' };
  expect(marginOf(sums)).toBe(-1500n);
});

test.each([
  ['0', true],
  ['9100.5', true],
  ['999999999.999', true],
  ['1.500000', true],
  ['1000000000', false],
  ['-1', false],
  ['1.2345', false],
  ['1e3', false],
  ['', false],
])('reading %j: %s', (reading, isOne) => {
  expect(isReading(reading)).toBe(isOne);
});

test('an amount is from 0 on and has no more decimals than its currency', () => {
  const asked = ['0', '12.50', '-0.01', '1.234', '10000000000000.00'];
  expect(asked.map((amount) => isAmount({ amount, currencyCode: 'EUR' }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
