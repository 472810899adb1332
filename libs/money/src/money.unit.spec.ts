import fc from 'fast-check';
import {
  amountMinorMax,
  decimalOf,
  exponentOf,
  isCurrencyCode,
  minorOf,
  MoneyError,
} from './index.ts';
import { sumMinor, timesQuantity } from './index.ts';

test.each([
  ['4200.50', 'EUR', 420050],
  ['4200', 'EUR', 420000],
  ['4200.5', 'EUR', 420050],
  ['0.01', 'USD', 1],
  ['-0.01', 'USD', -1],
  ['-0.00', 'USD', 0],
  ['4200', 'JPY', 4200],
  ['4200.00', 'JPY', 4200],
  ['1.234', 'BHD', 1234],
  ['1', 'CLF', 10000],
  ['9999999999999.99', 'EUR', amountMinorMax],
])('%s %s is %i minor units', (amount, currencyCode, minor) => {
  expect(minorOf({ amount, currencyCode })).toBe(minor);
});

test.each([
  [420050, 'EUR', '4200.50'],
  [5, 'EUR', '0.05'],
  [-5, 'EUR', '-0.05'],
  [0, 'EUR', '0.00'],
  [4200, 'JPY', '4200'],
  [1234, 'BHD', '1.234'],
])('%i minor units of %s are %s', (amountMinor, currencyCode, amount) => {
  expect(decimalOf({ amountMinor, currencyCode })).toBe(amount);
});

test.each([
  ['1.5', 'JPY', 'PRECISION'],
  ['1.001', 'EUR', 'PRECISION'],
  ['1.2345', 'BHD', 'PRECISION'],
  ['1', 'XXX', 'CURRENCY_UNKNOWN'],
  ['1', 'eur', 'CURRENCY_UNKNOWN'],
  ['', 'EUR', 'FORMAT'],
  ['1,50', 'EUR', 'FORMAT'],
  ['1e3', 'EUR', 'FORMAT'],
  ['+1', 'EUR', 'FORMAT'],
  ['01', 'EUR', 'FORMAT'],
  ['.5', 'EUR', 'FORMAT'],
  [' 1', 'EUR', 'FORMAT'],
  ['NaN', 'EUR', 'FORMAT'],
  ['1\n', 'EUR', 'FORMAT'],
  ['10000000000000.00', 'EUR', 'RANGE'],
  ['-10000000000000.00', 'EUR', 'RANGE'],
])('%j %s is refused: %s', (amount, currencyCode, problem) => {
  expect(() => minorOf({ amount, currencyCode })).toThrow(
    expect.objectContaining({ name: 'MoneyError', problem }),
  );
});

test('every amount in bounds survives the way out and back', () => {
  const amounts = fc.integer({ min: -amountMinorMax, max: amountMinorMax });
  const codes = fc.constantFrom('EUR', 'JPY', 'BHD', 'CLF');
  fc.assert(
    fc.property(amounts, codes, (amountMinor, currencyCode) => {
      const amount = decimalOf({ amountMinor, currencyCode });
      return minorOf({ amount, currencyCode }) === amountMinor;
    }),
  );
});

test('a fraction of a minor unit is no amount', () => {
  expect(() => decimalOf({ amountMinor: 0.5, currencyCode: 'EUR' })).toThrow(MoneyError);
});

test('sums and products refuse to lose digits', () => {
  expect(sumMinor([1, 2, 3])).toBe(6);
  expect(timesQuantity(1999, 3)).toBe(5997);
  expect(() => timesQuantity(amountMinorMax, 100)).toThrow(MoneyError);
  expect(() => sumMinor([Number.MAX_SAFE_INTEGER, 1])).toThrow(MoneyError);
});

test('exponents follow ISO 4217 and not the habits of a locale', () => {
  expect(['EUR', 'JPY', 'BHD', 'IQD', 'ALL', 'CLF'].map(exponentOf)).toEqual([2, 0, 3, 3, 2, 4]);
  expect(isCurrencyCode('EUR')).toBe(true);
  expect([isCurrencyCode('XXX'), isCurrencyCode(''), isCurrencyCode(null)]).toEqual([
    false,
    false,
    false,
  ]);
});
