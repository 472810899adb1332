import { afterEach, expect, test } from '@jest/globals';
import { publishCampaign } from './config.ts';
import { cases, sample } from './sample.ts';

const size = { runs: 10, full: 500 };
const asked = process.env['ONECOUNT_CAMPAIGN'];
afterEach(() => {
  if (asked === undefined) delete process.env['ONECOUNT_CAMPAIGN'];
  else process.env['ONECOUNT_CAMPAIGN'] = asked;
});

test('without a campaign each run tries the same sample', () => {
  delete process.env['ONECOUNT_CAMPAIGN'];
  expect(sample(size)).toEqual({ numRuns: 10, seed: 20_261_122 });
  expect(cases({ together: [1], alone: [1, 2] })).toEqual([1]);
});

test('a campaign tries all of it, from its own seed', () => {
  Object.assign(process.env, publishCampaign({ seed: 7 }));
  expect(sample(size)).toEqual({ numRuns: 500, seed: 7 });
  expect(cases({ together: [1], alone: [1, 2] })).toEqual([1, 2]);
});

test('a campaign may be asked for more', () => {
  Object.assign(process.env, publishCampaign({ runs: 5_000, seed: 7 }));
  expect(sample(size)).toEqual({ numRuns: 5_000, seed: 7 });
});
