import { availableParallelism } from 'node:os';
import { cases, sample } from '@onecount/testing';
import { play, type Play } from './play.ts';
import { createTally } from './tally.ts';
import { turnsFrom, type Turn } from './turns.ts';

/**
 * All services are threads of this process. In each round they are killed, cut off, cheated and confused while
 * people buy, hold, receive, move and count; then everything must be as the callers were told, and as the checker
 * wants it. `npm run test:campaign -- faults --rounds 1000`; docs/testing.md says how to read and to extend it.
 */
const { numRuns, seed: firstSeed } = sample({ runs: 30, full: 1_000 });
const firstSample = 20_261_200;
const turns = cases<Turn>({
  together: [...turnsFrom(firstSample + 300, 4), ...turnsFrom(firstSample, 26)],
  alone: turnsFrom(firstSeed, numRuns),
});

const tally = createTally();
const onFound = (seed: number, story: string) =>
  void process.stderr.write(
    `npm run test:campaign -- faults --rounds 1 --seed ${seed}\n${story}\n`,
  );
const soFar = (rounds: number) =>
  void process.stderr.write(`${tally.pace(rounds)}\n${tally.text()}\n`);
const soFarEvery = 100;

let playing: Play;
beforeAll(() => {
  playing = play({ turns, systems: availableParallelism(), tally, onFound });
});
afterAll(async () => {
  await playing.ended;
  soFar(turns.length);
});

test.each(turns.map((turn, nth) => ({ ...turn, nth })))('seed $seed, $transport', async (turn) => {
  const { seed, nth } = turn;
  const violations = await playing.result(seed);
  const rounds = nth + 1;
  if (rounds < turns.length && rounds % soFarEvery === 0) soFar(rounds);
  if (violations.length > 0) throw new Error(violations.join('\n'));
});
