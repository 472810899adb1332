import { invalidInput, isGiven, type InvalidInput } from '@onecount/refusal';
import type { ProductSplitInput } from '../generated/resolver-types.ts';
import { isSame } from '../option/option.ts';
import { splitPlan } from '../product/split-plan.ts';
import { combinationKey, type OptionDraft } from '../product/product.ts';

/** Which values of the option a sibling has, in their order there, and what the caller wants it to be called. */
export type Group = { values: string[]; title?: string | null; handle?: string | null };
export type Division = { index: number; groups: Group[] };
export type SplitHow = Pick<ProductSplitInput, 'option' | 'groups' | 'variantsMax'>;

type Whole = {
  options: readonly OptionDraft[];
  variants: readonly { optionValues: readonly string[] }[];
};

/** By which option the product is divided, and how. Values that no variant has are left out. */
export function divisionOf(whole: Whole, how: SplitHow): Division | InvalidInput {
  const { option, groups, variantsMax } = how;
  if (isGiven(groups) && isGiven(variantsMax)) {
    return invalidInput('variantsMax', 'Give groups or variantsMax, not both.', variantsMax);
  }
  if (isGiven(variantsMax) && whole.variants.length <= variantsMax) {
    const message = `The product has ${whole.variants.length} variants: there is nothing to split.`;
    return invalidInput('variantsMax', message, variantsMax);
  }
  if (!isGiven(option)) return planned(whole, variantsMax);
  const index = whole.options.findIndex(({ name }) => isSame(name, option));
  if (index < 0) {
    const names = whole.options.map(({ name }) => name).join(', ') || 'none';
    const message = `There is no option ${option}; the product has ${names}.`;
    return invalidInput('option', message, option);
  }
  const found = groupsOf(usedValues(whole, index), { how, whole, index });
  return Array.isArray(found) ? { index, groups: found } : found;
}

/** The option and the parts that the plan of `VariantLimitExceeded` proposes for such a limit. */
function planned(whole: Whole, variantsMax: number | null | undefined): Division | InvalidInput {
  if (!isGiven(variantsMax)) {
    return invalidInput('option', 'Give the option to split by, or variantsMax.');
  }
  const plan = variantsMax > 0 ? splitPlan(whole.options, variantsMax) : null;
  const choices = plan?.products.map((part) => part.choices) ?? [];
  const name = choices[0]?.[0]?.option;
  const index = whole.options.findIndex((option) => option.name === name);
  if (plan === null || index < 0 || choices.some(({ length }) => length > 1)) {
    const message = 'Not even the variants of a single value are so few: split by an option first.';
    return invalidInput('variantsMax', message, variantsMax);
  }
  const used = usedValues(whole, index);
  const groups = choices.map(([choice]) => ({
    values: used.filter((value) => choice!.values.includes(value)),
  }));
  return { index, groups: groups.filter(({ values }) => values.length > 0) };
}

function usedValues({ options, variants }: Whole, index: number): string[] {
  const used = new Set(variants.map(({ optionValues }) => combinationKey([optionValues[index]!])));
  return options[index]!.values.filter((value) => used.has(combinationKey([value])));
}

function groupsOf(
  used: readonly string[],
  { how, whole, index }: { how: SplitHow; whole: Whole; index: number },
): Group[] | InvalidInput {
  const { groups, variantsMax } = how;
  if (isGiven(groups)) return spelt(used, groups);
  if (!isGiven(variantsMax)) return used.map((value) => ({ values: [value] }));
  const totals = used.map((value) => ({
    value,
    total: whole.variants.filter(({ optionValues }) => isSame(optionValues[index]!, value)).length,
  }));
  return packed(totals, variantsMax);
}

/** As many values in a row as have at most so many variants together. */
function packed(
  totals: readonly { value: string; total: number }[],
  variantsMax: number,
): Group[] | InvalidInput {
  const groups: { values: string[]; total: number }[] = [];
  for (const { value, total } of totals) {
    if (total > variantsMax) {
      return invalidInput('variantsMax', `${value} alone has ${total} variants.`, variantsMax);
    }
    const last = groups.at(-1);
    if (last === undefined || last.total + total > variantsMax) {
      groups.push({ values: [value], total });
    } else {
      last.values.push(value);
      last.total += total;
    }
  }
  return groups.map(({ values }) => ({ values }));
}

/** The groups in the option's own spelling and order; each used value is in one of them. */
function spelt(used: readonly string[], groups: readonly Group[]): Group[] | InvalidInput {
  const left = new Map(used.map((value) => [value.toLowerCase(), value]));
  const found: Group[] = [];
  for (const [at, group] of groups.entries()) {
    const field = `groups.${at}.values`;
    if (group.values.length === 0) {
      return invalidInput(field, 'A sibling has at least one value.');
    }
    const values = new Set<string>();
    for (const value of group.values) {
      const known = left.get(value.trim().toLowerCase());
      if (known === undefined) {
        return invalidInput(field, `${value} is no value of a variant, or is named twice.`, value);
      }
      left.delete(known.toLowerCase());
      values.add(known);
    }
    found.push({ ...group, values: used.filter((value) => values.has(value)) });
  }
  const [missing] = left.values();
  if (missing === undefined) return found;
  return invalidInput('groups', `${missing} is in no group.`, missing);
}
