import { campaign } from './config.ts';

const seedOfSamples = 20_261_122;

/**
 * How often a random test runs and from which seed, as fast-check takes them. `npm test` tries the same small sample
 * each time, so that a failure is of the change at hand; `npm run test:campaign` tries `full` from a seed of its own,
 * or what its options say. A failure prints seed and path; `-- <spec> --seed <seed>` tries the same again.
 */
export function sample(size: { runs: number; full: number }): { numRuns: number; seed: number } {
  const { runs, seed = seedOfSamples } = campaign() ?? {};
  return { numRuns: runs ?? (campaign() ? size.full : size.runs), seed };
}

/** The cases of a matrix: in a campaign each alone, in `npm test` the smaller table that meets all of them. */
export function cases<T>(table: { together: T[]; alone: T[] }): T[] {
  return campaign() ? table.alone : table.together;
}
