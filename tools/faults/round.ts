import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '@onecount/testing';
import { findViolations } from '../verify/verify.ts';
import { createCaller, type Caller } from './caller.ts';
import type { CampaignSystem } from './campaign-system.ts';
import { clock } from './faults/clock.ts';
import type { Goods } from './goods.ts';
import type { Plan } from './plan.ts';
import { createStory, type Story } from './story.ts';
import type { Tally } from './tally.ts';

type Asked = { system: CampaignSystem; goods: Goods; plan: Plan; tally: Tally; plant?: Plant };
type Round = Asked & { caller: Caller; story: Story };
type PlannedAct = Plan['acts'][number];
type Ended = PlannedAct & { told: number };
export type RoundResult = { violations: string[]; story: string; hasEnded: boolean };

// What a fault keeps from answering is mended after so long, or when everybody has an answer.
const loadMsMax = 2_000;
// By then it never will, on the slowest machine either.
const stuckMs = 5 * 60_000;
const notEnded = 'it does not end';

/** Breaks a promise by hand, once everything has come to rest. */
export type Plant = (system: CampaignSystem) => Promise<void>;

/** Load and faults; then everything comes to rest and is held against the checker and against what callers know. */
export async function runRound(of: Asked): Promise<RoundResult> {
  const story = createStory();
  const { shopToken, network } = of.system;
  const caller = createCaller({
    url: network.wire('client', 'gateway').url,
    token: shopToken,
    story,
  });
  const round: Round = { ...of, caller, story };
  const found = await Promise.race([
    judged(round).catch((err: unknown) => [`${notEnded}: ${(err as Error).stack}`]),
    delay(stuckMs, [notEnded], { ref: false }),
  ]);
  // A token of tomorrow is nobody's but the operator's mistake, whose clock it is.
  const hasWrongClock = of.plan.faults.some(({ fault }) => fault === clock);
  const violations = hasWrongClock ? found : [...found, ...new Set(caller.wrong)];
  for (const violation of violations) story.say(`VIOLATED ${violation}`);
  const hasEnded = !found.some((violation) => violation.startsWith(notEnded));
  return { violations, story: story.text(), hasEnded };
}

async function judged(round: Round): Promise<string[]> {
  const { test } = round.system;
  const ended = await disturbed(round);
  await test.system.ready();
  round.story.say('everything runs');
  const again = await askedAgain(round);
  await test.drained();
  round.story.say('everything has come to rest');
  await round.plant?.(round.system);
  return [...again, ...(await broken(round)), ...(await untold(round, ended))];
}

/** The load, and what breaks meanwhile. */
async function disturbed(round: Round): Promise<Ended[]> {
  const running = new Set<PlannedAct>();
  const acts = Promise.all(round.plan.acts.map((act) => performed(round, act, running)));
  const mends = await Promise.all(round.plan.faults.map((fault) => strike(round, fault, running)));
  await Promise.race([acts, delay(loadMsMax)]);
  for (const mend of mends) await mend?.();
  return acts;
}

async function performed(
  { caller, goods, story, tally }: Round,
  planned: PlannedAct,
  running: Set<PlannedAct>,
): Promise<Ended> {
  const { step, mark, random } = planned;
  await delay(planned.afterMs);
  running.add(planned);
  let calls = 0;
  const told = Number(
    await step.act({
      ...{ mark, random, goods },
      ask: (mutation, input) =>
        caller.ask(mutation, { ...input, idempotencyKey: `${mark}-${(calls += 1)}` }),
    }),
  );
  running.delete(planned);
  story.say(`${mark} ${step.name} is ${wordFor(told)}`);
  tally.act(step.name, told > 0);
  return { ...planned, told };
}

async function strike(
  { system, story, tally }: Round,
  { fault, afterMs, random }: Plan['faults'][number],
  running: Set<PlannedAct>,
) {
  await delay(afterMs);
  return fault.strike({
    ...{ system, random },
    struck(detail) {
      story.say(`FAULT ${detail}`);
      tally.struck(
        fault.name,
        detail,
        [...running].map(({ step }) => step.name),
      );
    },
  });
}

/** Whoever was without an answer for a while asks once more, long after: it is the same answer. */
async function askedAgain({ caller }: Round): Promise<string[]> {
  const doubted = caller.told.filter(
    ({ wasUnknown, answer }) => wasUnknown && answer.__typename.endsWith('Success'),
  );
  const answers = await Promise.all(
    doubted.map(({ mutation, input }) => caller.ask(mutation, input)),
  );
  return doubted.flatMap(({ mutation, answer }, nth) => {
    const shown = (of: Outcome) =>
      mutation.selectsWhatChanges ? of.__typename : JSON.stringify(of);
    const [first, second] = [shown(answer), shown(answers[nth]!)];
    return first === second ? [] : [`${mutation.name} answered ${first}, then ${second}`];
  });
}

/** What the checker finds. */
async function broken({ system }: Round): Promise<string[]> {
  const found = await findViolations(system.sources);
  return found.map(({ promise, check, detail }) => `${promise} ${check}: ${detail}`);
}

/** What callers were told against what is: done is there exactly so often, refused is not there. */
async function untold({ system }: Round, ended: Ended[]): Promise<string[]> {
  const lines = ended.map(async ({ step, mark, told }) => {
    const counts = await Promise.all(
      step.effects.map((effect) => effect(system.sources.rows, mark)),
    );
    return counts
      .filter((count) => count !== told)
      .map((count) => `${mark} ${step.name} was told ${wordFor(told)} and is there ${count} times`);
  });
  return (await Promise.all(lines)).flat();
}

const wordFor = (told: number) => (told > 0 ? 'done' : 'refused');
