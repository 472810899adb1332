import { cases, sample } from '@onecount/testing';
import { blocksOf, type Block } from './blocks.ts';
import { startCampaignSystem, type CampaignSystem } from './campaign-system.ts';
import { faults } from './faults/index.ts';
import { planOf } from './plan.ts';
import { runRound } from './round.ts';
import { steps } from './steps/index.ts';
import { createTally } from './tally.ts';

/**
 * All services are threads of this process. In each round they are killed, cut off, cheated and confused while
 * people buy, hold, receive, move and count; then everything must be as the callers were told, and as the checker
 * wants it. `npm run test:campaign -- faults --rounds 1000`; docs/testing.md says how to read and to extend it.
 */
const { numRuns, seed: firstSeed } = sample({ runs: 20, full: 1_000 });
const firstSample = 20_261_200;
const blocks = cases<Block>({
  together: [...blocksOf(firstSample, 16), ...blocksOf(firstSample + 300, 4)],
  alone: blocksOf(firstSeed, numRuns),
});

const tally = createTally();
afterAll(() => process.stderr.write(`${tally.text()}\n`));

const replay = (seed: number) => `npm run test:campaign -- faults --rounds 1 --seed ${seed}`;

describe.each(blocks)('$rounds rounds from seed $seed on, $transport', (block) => {
  let system: CampaignSystem;
  let stuck: number | undefined;
  // What is broken stays broken: the rounds after it answer for what is new.
  const known = new Set<string>();
  beforeAll(async () => {
    system = await startCampaignSystem(block);
    tally.begin();
  });
  afterAll(async () => {
    process.stderr.write(`${tally.end(block)}\n`);
    await system?.stop();
  });

  const seeds = Array.from({ length: block.rounds }, (_, nth) => block.seed + nth);
  test.each(seeds)('seed %i', async (seed) => {
    // What did not come to rest is in the way of every round after it.
    if (stuck !== undefined) throw new Error(`not tried: the round of seed ${stuck} did not end`);
    const plan = planOf(seed, { steps, faults });
    const goods = system.goods[seed - block.seed]!;
    const { violations, story, hasEnded } = await runRound({ system, goods, plan, tally });
    if (!hasEnded) stuck = seed;
    const found = violations.filter((violation) => !known.has(violation));
    for (const violation of found) known.add(violation);
    if (found.length === 0) return;
    // At once: jest tells of a failure when the file is through, and that may be hours from now.
    process.stderr.write(`${replay(seed)}\n${story}\n`);
    throw new Error(found.join('\n'));
  });
});
