import { combinationsTotal, type OptionDraft } from './product.ts';

export type SplitChoice = { option: string; values: string[] };
export type SplitPlan = {
  productsTotal: number;
  products: { choices: SplitChoice[]; variantsTotal: number }[];
};

const productsShown = 100;
const graphqlIntMax = 2_147_483_647;

/**
 * The fewest products, each of one part of the values of one option, in which all combinations fit; where even a
 * single value of an option has too many, each value of the longest option is divided further. Of equals the first
 * option: it is what customers choose by first. Null when there are no combinations to divide.
 */
export function splitPlan(options: readonly OptionDraft[], limit: number): SplitPlan | null {
  const total = combinationsTotal(options);
  if (total === 0) return null;
  if (total <= limit) {
    return { productsTotal: 1, products: [{ choices: [], variantsTotal: total }] };
  }
  const [best] = options
    .map((option) => ({ option, ...groupsOf(option, { total, limit }) }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.count - b.count);
  if (best !== undefined)
    return planBy(best.option, { perValue: best.perValue, count: best.count });
  const [longest] = [...options].sort((a, b) => b.values.length - a.values.length);
  return longest === undefined ? null : planOfEach(longest, options, limit);
}

function groupsOf(option: OptionDraft, { total, limit }: { total: number; limit: number }) {
  const perValue = total / option.values.length;
  const size = Math.floor(limit / perValue);
  return { perValue, size, count: Math.ceil(option.values.length / size) };
}

function planBy(option: OptionDraft, { perValue, count }: { perValue: number; count: number }) {
  const groups = evenGroups(option.values, count);
  return {
    productsTotal: count,
    products: groups.slice(0, productsShown).map((values) => ({
      choices: [{ option: option.name, values }],
      variantsTotal: values.length * perValue,
    })),
  };
}

function planOfEach(
  longest: OptionDraft,
  options: readonly OptionDraft[],
  limit: number,
): SplitPlan | null {
  const rest = splitPlan(
    options.filter((option) => option !== longest),
    limit,
  );
  if (rest === null) return null;
  const products = longest.values.slice(0, productsShown).flatMap((value) =>
    rest.products.map(({ choices, variantsTotal }) => ({
      choices: [{ option: longest.name, values: [value] }, ...choices],
      variantsTotal,
    })),
  );
  return {
    productsTotal: Math.min(graphqlIntMax, longest.values.length * rest.productsTotal),
    products: products.slice(0, productsShown),
  };
}

/** The values in their order in so many groups, whose sizes differ by one at most. */
export function evenGroups(values: readonly string[], count: number): string[][] {
  return Array.from({ length: count }, (_, index) =>
    values.slice(
      Math.floor((index * values.length) / count),
      Math.floor(((index + 1) * values.length) / count),
    ),
  );
}
