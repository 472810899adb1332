import { basisPointsOf, percentText } from './percent.ts';

it.each<[string, number | undefined]>([
  ['0', 0],
  ['0.01', 1],
  ['12.5', 1250],
  ['12.50', 1250],
  ['99.990', 9999],
  ['100', 10_000],
  ['100.00', 10_000],
  ['100.01', undefined],
  ['101', undefined],
  ['-1', undefined],
  ['1.005', undefined],
  ['1,5', undefined],
  ['', undefined],
  ['1e1', undefined],
])('%s is %s hundredths of a percent', (percent, expected) => {
  expect(basisPointsOf(percent)).toBe(expected);
});

it.each([
  [0, '0'],
  [1, '0.01'],
  [1250, '12.5'],
  [1205, '12.05'],
  [1000, '10'],
  [10_000, '100'],
])('%d is written %s', (basisPoints, expected) => {
  expect(percentText(basisPoints)).toBe(expected);
});
