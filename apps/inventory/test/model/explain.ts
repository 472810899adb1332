import type { Outcome } from './claim.ts';
import { take, type Step } from './step.ts';
import type { Stock } from './stock.ts';

/**
 * Every state in which the stock can be after these steps were answered so: in turn for one step, in any
 * order for several that were called at once. None when no order explains the answers.
 */
export function statesAfter(states: readonly Stock[], steps: Step[], outcomes: Outcome[]): Stock[] {
  const found = states.flatMap((stock) =>
    ordersOf(steps.map((_, index) => index)).flatMap((order) => {
      const end = inOrder(stock, order, steps, outcomes);
      return end ? [end] : [];
    }),
  );
  return distinct(found);
}

function inOrder(
  stock: Stock,
  order: number[],
  steps: Step[],
  outcomes: Outcome[],
): Stock | undefined {
  let state = stock;
  for (const index of order) {
    const taken = take(state, steps[index]!);
    if (taken.outcome !== outcomes[index]) return undefined;
    state = taken.stock;
  }
  return state;
}

function ordersOf(indexes: number[]): number[][] {
  if (indexes.length <= 1) return [indexes];
  return indexes.flatMap((first) =>
    ordersOf(indexes.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}

function distinct(states: Stock[]): Stock[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
}
