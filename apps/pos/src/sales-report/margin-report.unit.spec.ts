import { marginPercentOf, percentOf, sellThroughPercentOf } from './margin-report.ts';
import { averageOf } from './sales-report.ts';

test.each([
  [1n, 3n, '33.33'],
  [2n, 3n, '66.67'],
  [1n, 20_000n, '0.01'],
  [1n, 20_001n, '0.00'],
  [-1n, 8n, '-12.50'],
  [-1n, 30_000n, '0.00'],
  [3n, 2n, '150.00'],
  [999_999_999_999_999n, 1n, '99999999999999900.00'],
])('%s of %s are %s percent', (part, whole, percent) => {
  expect(percentOf(part, whole)).toBe(percent);
});

test('what was sold at a loss has a margin below zero, and what came to nothing has none', () => {
  const figures = { currencyCode: 'EUR', pieces: 1, piecesWithoutCost: 0, netWithoutCostMinor: 0 };
  expect(marginPercentOf({ ...figures, netMinor: 800, costMinor: 1000 })).toBe('-25.00');
  expect(marginPercentOf({ ...figures, netMinor: 0, costMinor: 1000 })).toBeNull();
  expect(sellThroughPercentOf({ received: 0, sold: 3, returned: 0 })).toBeNull();
});

test.each([
  [1000, 3, 333],
  [5, 2, 3],
  [0, 1, 0],
  [0, 0, null],
])('%s of %s sales are %s a sale', (soldMinor, sales, average) => {
  const rest = { returns: 0, pieces: 0, returnedPieces: 0, grossMinor: 0, discountMinor: 0 };
  expect(averageOf({ ...rest, currencyCode: 'EUR', soldMinor, sales, returnedMinor: 0 })).toBe(
    average,
  );
});
