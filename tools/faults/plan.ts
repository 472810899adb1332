import type { Fault } from './fault.ts';
import { randomOf, type Random } from './random.ts';
import type { Step } from './step.ts';

export type Plan = {
  acts: { step: Step; mark: string; afterMs: number; random: Random }[];
  faults: { fault: Fault; afterMs: number; random: Random }[];
};

const actsPerRound = 8;
const faultsMax = 3;
const actsWithinMs = 250;
const faultsWithinMs = 350;

/**
 * What a seed means. Everything that is chosen is chosen here or by a chance of its own, so that it is the same
 * whatever runs before whatever else.
 */
export function planOf(
  seed: number,
  of: { steps: readonly Step[]; faults: readonly Fault[] },
): Plan {
  const random = randomOf(seed);
  const own = () => randomOf(random.below(2 ** 32));
  const acts = Array.from({ length: actsPerRound }, (_, nth) => ({
    ...{ step: random.pick(of.steps), mark: `R${seed}-${nth}` },
    ...{ afterMs: random.below(actsWithinMs), random: own() },
  }));
  const chances = of.faults.flatMap((fault) => Array<Fault>(fault.weight ?? 1).fill(fault));
  const count = of.faults.length === 0 ? 0 : 1 + random.below(faultsMax);
  const faults = Array.from({ length: count }, () => ({
    ...{ fault: random.pick(chances), afterMs: random.below(faultsWithinMs), random: own() },
  }));
  return { acts, faults };
}
