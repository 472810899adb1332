import { faults } from './faults/index.ts';
import { planOf, type Plan } from './plan.ts';
import { steps } from './steps/index.ts';
import { turnsFrom } from './turns.ts';

const chosen = ({ acts, faults: struck }: Plan) => ({
  acts: acts.map(({ step, mark, afterMs, random }) => [step.name, mark, afterMs, random.below(99)]),
  faults: struck.map(({ fault, afterMs, random }) => [fault.name, afterMs, random.below(99)]),
});
const plan = (seed: number) => chosen(planOf(seed, { steps, faults }));

test('a seed is one plan, and another seed another one', () => {
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test('a few hundred rounds do everything and break everything', () => {
  const rounds = Array.from({ length: 300 }, (_, seed) => planOf(seed, { steps, faults }));
  const done = new Set(rounds.flatMap(({ acts }) => acts.map(({ step }) => step.name)));
  const struck = new Set(rounds.flatMap((each) => each.faults.map(({ fault }) => fault.name)));
  expect(done).toEqual(new Set(steps.map(({ name }) => name)));
  expect(struck).toEqual(new Set(faults.map(({ name }) => name)));
});

test('a round alone has the transport that it had among others', () => {
  const kafka = turnsFrom(250, 300).filter(({ transport }) => transport === 'kafka');
  expect(kafka.map(({ seed }) => seed)).toEqual(Array.from({ length: 100 }, (_, nth) => 300 + nth));
  expect(turnsFrom(333, 1)).toEqual([{ seed: 333, transport: 'kafka' }]);
});
