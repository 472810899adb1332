import { expect, test } from '@jest/globals';
import { testOptions } from './options.ts';

test('npm test hands everything to jest', () => {
  const args = ['--testPathPatterns', 'apps/pos'];
  expect(testOptions(args)).toEqual({ jest: args });
});

test('a campaign takes its runs and its seed', () => {
  expect(testOptions(['--campaign', 'sale.model', '--runs', '5000', '--seed', '7'])).toEqual({
    campaign: { runs: 5_000, seed: 7 },
    jest: ['sale.model'],
  });
});

test('the runs of a campaign of faults may be called rounds', () => {
  expect(testOptions(['--campaign', 'faults', '--rounds', '10000', '--seed', '7'])).toEqual({
    campaign: { runs: 10_000, seed: 7 },
    jest: ['faults'],
  });
});

test('a campaign without a seed chooses one', () => {
  const { campaign } = testOptions(['--campaign']);
  expect(campaign).toEqual({ runs: undefined, seed: expect.any(Number) });
});

test.each([
  [['--campaign', '--runs'], '--runs needs a whole number'],
  [['--campaign', '--seed', 'x'], '--seed needs a whole number'],
  [['--runs', '5'], '--runs and --seed are for npm run test:campaign'],
])('%j is refused', (args, message) => {
  expect(() => testOptions(args)).toThrow(new RangeError(message));
});
