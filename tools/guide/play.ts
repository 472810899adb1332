import { setTimeout as delay } from 'node:timers/promises';
import { asAsked, difference, mapTexts, stepsOf, type Json, type Step } from './guide.ts';

export type Ask = (query: string, variables: Json) => Promise<Json>;

/** The first answer of a page that is not the one it shows. */
export class GuideFailure extends Error {
  constructor(step: number, query: string, problem: string) {
    super(`step ${step} (${query.trim().split('\n')[0]}): ${problem}`);
    this.name = 'GuideFailure';
  }
}

/** Asks everything that a page asks, with the ids of this run; throws GuideFailure. Answers how many steps. */
export async function playGuide(page: string, ask: Ask): Promise<number> {
  const ids = new Map<string, string>();
  const steps = stepsOf(page);
  for (const [index, step] of steps.entries()) {
    const variables = asAsked(step.variables, ids);
    const problem = await played(step, variables, { ask, ids });
    if (problem) throw new GuideFailure(index + 1, step.query, problem);
  }
  return steps.length;
}

// What a query shows may follow from an event: it is asked until it is so. A mutation is done once.
async function played(
  step: Step,
  variables: Json,
  { ask, ids }: { ask: Ask; ids: Map<string, string> },
): Promise<string | null> {
  const end = performance.now() + (isMutation(step) ? 0 : followsWithinMs);
  for (;;) {
    const found = new Map(ids);
    const problem = difference(step.answer, await ask(step.query, variables), found);
    if (problem === null) for (const [page, own] of found) ids.set(page, own);
    if (problem === null || performance.now() >= end) return problem;
    await delay(50);
  }
}

const followsWithinMs = 300_000;
const isMutation = (step: Step): boolean => step.query.trimStart().startsWith('mutation');

// Time for what happened to reach everybody before the page is written; the test of the page then waits.
const settleMs = 1_500;
const wanted = /^@(\d+)\.([\w.]+)$/;

/**
 * Plays a page and answers it with this run's variables and answers written in. A variable such as
 * `@3.holdCreate.hold.id` stands for that value of the third answer.
 */
export async function writeGuide(page: string, ask: Ask, format: (json: Json) => Promise<string>) {
  const answers: Json[] = [];
  const edits: { start: number; end: number; text: string }[] = [];
  const renewed = new Map<string, string>();
  for (const step of stepsOf(page)) {
    const own = mapTexts(step.variables, (text) => {
      const [, nth, path] = wanted.exec(text) ?? [];
      return path ? valueAt(answers[Number(nth) - 1]!, path) : text;
    });
    const variables = asAsked(own, renewed);
    if (!isMutation(step)) await delay(settleMs);
    const answer = await ask(step.query, variables);
    if (step.answer !== null) difference(step.answer, answer, renewed);
    answers.push(answer);
    if (step.variablesAt) edits.push({ ...step.variablesAt, text: await format(variables) });
    if (step.answerAt) edits.push({ ...step.answerAt, text: await format(answer) });
  }
  return edits
    .reverse()
    .reduce(
      (text, { start, end, text: own }) => text.slice(0, start) + own + text.slice(end),
      page,
    );
}

function valueAt(answer: Json, path: string): Json {
  const value = path
    .split('.')
    .reduce<Json | undefined>((at, key) => (at as Record<string, Json> | null)?.[key], answer);
  if (value === undefined) throw new TypeError(`no ${path} in ${JSON.stringify(answer)}`);
  return value;
}
