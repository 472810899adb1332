import { cases, sample } from '@onecount/testing';
import { blocksOf, type Block } from './blocks.ts';
import { startCampaignSystem, type CampaignSystem } from './campaign-system.ts';
import { faults } from './faults/index.ts';
import { planOf } from './plan.ts';
import { plants } from './plants.ts';
import { runRound } from './round.ts';
import { steps } from './steps/index.ts';
import { createTally } from './tally.ts';

/**
 * All services are threads of this process. In each round they are killed, cut off, cheated and confused while
 * people buy, hold, receive, move and count; then everything must be as the callers were told, and as the checker
 * wants it. `npm run test:campaign -- faults --rounds 1000`; docs/testing.md says how to read and to extend it.
 */
const { numRuns, seed } = sample({ runs: 30, full: 1_000 });
const firstSample = 20_261_200;
const blocks = cases<Block>({
  together: [...blocksOf(firstSample, 24), ...blocksOf(firstSample + 300, 6)],
  alone: blocksOf(seed, numRuns),
});

const tally = createTally();
let system: CampaignSystem | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});
afterAll(() => process.stderr.write(`${tally.text()}\n`));

const replay = (failing: number) => `npm run test:campaign -- faults --rounds 1 --seed ${failing}`;

async function failuresOf(block: Block): Promise<string[]> {
  const failures: string[] = [];
  for (let nth = 0; nth < block.rounds; nth += 1) {
    const plan = planOf(block.seed + nth, { steps, faults });
    const goods = system!.goods[nth]!;
    const { violations, story, hasEnded } = await runRound({ system: system!, goods, plan, tally });
    if (violations.length > 0) failures.push(`${replay(block.seed + nth)}\n${story}`);
    // What did not come to rest would be in the way of every round after it.
    if (!hasEnded) break;
  }
  return failures;
}

test.each(blocks)('$rounds rounds from seed $seed on, $transport', async (block) => {
  system = await startCampaignSystem(block);
  tally.begin();
  const failures = await failuresOf(block);
  process.stderr.write(`${tally.end(block)}\n`);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
});

test('what is planted is noticed: in each round that, and how the callers know it', async () => {
  system = await startCampaignSystem({ transport: 'embedded', rounds: plants.length });
  for (const [nth, { says, plant }] of plants.entries()) {
    const chosen = steps.filter(({ name }) => /^sale(Record|Void)$/.test(name));
    const plan = planOf(nth, { steps: chosen, faults: [] });
    const goods = system.goods[nth]!;
    const { violations } = await runRound({ system, goods, plan, plant, tally: createTally() });
    expect(violations).toContainEqual(expect.stringMatching(says));
  }
});
