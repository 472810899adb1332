import { startCampaignSystem, type CampaignSystem } from './campaign-system.ts';
import { planOf } from './plan.ts';
import { plants } from './plants.ts';
import { runRound } from './round.ts';
import { steps } from './steps/index.ts';
import { createTally } from './tally.ts';

/** A campaign that finds nothing proves nothing: each round here has a violation by hand, and must name it. */
let system: CampaignSystem;
beforeAll(async () => {
  system = await startCampaignSystem({ transport: 'embedded', rounds: plants.length });
});
afterAll(() => system?.stop());

const sales = steps.filter(({ name }) => /^sale(Record|Void)$/.test(name));

test.each(plants.map((each, nth) => ({ ...each, nth })))('$what is noticed', async (planted) => {
  const { nth, plant, says } = planted;
  const plan = planOf(nth, { steps: sales, faults: [] });
  const goods = system.goods[nth]!;
  const { violations } = await runRound({ system, goods, plan, plant, tally: createTally() });
  expect(violations).toContainEqual(expect.stringMatching(says));
});
