import { invalidInput, isGiven, isRefusal, type InvalidInput } from '@onecount/refusal';
import type { VariantValues } from '../option/option.sql.ts';
import { optionLimitExceeded, variantLimitExceeded } from '../product/product.errors.ts';
import { optionsRefusal } from '../product/product.plan.ts';
import { optionsMax, variantTitle, variantsMax, type OptionDraft } from '../product/product.ts';
import { valueInTitle } from '../product-split/page-texts.ts';
import type { PlacedVariant } from '../product-split/product-split.ts';
import { coinciding, isSame } from '../option/option.ts';
import { variantsWouldCoincide } from '../variant/variant.errors.ts';

/** One of the products that become one; the first goes on. `value` is what the caller says it is of the option. */
export type Part = {
  title: string;
  options: readonly OptionDraft[];
  variants: readonly VariantValues[];
  value: string | null;
};
export type MergeHow = { option: string | null; optionPosition: number | null };
export type MergePlanned = {
  options: OptionDraft[];
  /** In the order of the options' values. Removed ones too. */
  variants: { id: string; optionValues: string[]; isRemoved: boolean }[];
  variantsTotal: number;
  /** The values of the first product alone. */
  valuesOfFirst: string[];
};
type Joined = { options: OptionDraft[]; valuesOf: ((own: readonly string[]) => string[])[] };

/**
 * What the products are together. The option is in each of them, or is added with a value of its own: the one that is
 * given, or that the title ends with. All other options are the same in all. Refusals in this order: options, their
 * number, variants that would be alike, their number. Pure.
 */
export function mergeOf(parts: readonly Part[], how: MergeHow) {
  const joined = joinedOptions(parts, how);
  if (isRefusal(joined)) return joined;
  const refusal = optionsRefusal(joined.options) as InvalidInput | null;
  if (refusal !== null) return refusal;
  const spelling = joined.options.map(
    ({ values }) => new Map(values.map((v) => [v.toLowerCase(), v])),
  );
  const all = parts.flatMap(({ variants }, at) =>
    variants.map(({ id, sku, isRemoved, optionValues }) => ({
      ...{ id, sku, isRemoved },
      optionValues: joined.valuesOf[at]!(optionValues).map(
        (value, index) => spelling[index]!.get(value.toLowerCase()) ?? value,
      ),
    })),
  );
  const there = all.filter(({ isRemoved }) => !isRemoved);
  const alike = coinciding(there, { valuesOf: (values) => [...values] });
  if (alike.length > 0) return variantsWouldCoincide(alike);
  if (there.length > variantsMax) {
    return variantLimitExceeded({ requested: there.length, limit: variantsMax });
  }
  const variants = inOrder(joined.options, all);
  const valuesOfFirst = valuesAdded(parts[0]!, how);
  return { options: joined.options, variants, variantsTotal: there.length, valuesOfFirst };
}

/** The variants in their new places, under the title that the product has then. */
export function placedIn(
  title: string,
  { variants }: Pick<MergePlanned, 'variants'>,
): PlacedVariant[] {
  return variants.map(({ id, optionValues }, at) => ({
    ...{ id, optionValues, title: variantTitle(title, optionValues), position: at + 1 },
  }));
}

function joinedOptions(parts: readonly Part[], how: MergeHow) {
  const { option } = how;
  const places = parts.map(({ options }) =>
    option === null ? -1 : options.findIndex(({ name }) => isSame(name, option)),
  );
  const others = parts.map(({ options }, at) => options.filter((_, index) => index !== places[at]));
  const refusal = othersRefusal(others, parts) ?? valuesRefusal(parts, { option, places });
  if (refusal !== undefined) return refusal;
  const total = others[0]!.length + (option === null ? 0 : 1);
  if (total > optionsMax) return optionLimitExceeded({ requested: total, limit: optionsMax });
  return joinedBy(parts, { how, places, others });
}

function joinedBy(
  parts: readonly Part[],
  { how, places, others }: { how: MergeHow; places: readonly number[]; others: OptionDraft[][] },
): Joined {
  const options = others[0]!.map(({ name }) => ({
    name,
    values: union(others.map((own) => own.find((one) => isSame(one.name, name))!.values)),
  }));
  const rest = options.map(({ name }) => name);
  const added = addedOption(parts, { how, places });
  const position = added === null ? -1 : Math.min(added.position - 1, options.length);
  if (added !== null) options.splice(position, 0, { name: added.name, values: added.values });
  const valuesOf = parts.map(({ options: own, ...part }, at) => {
    const indexes = rest.map((name) => own.findIndex((one) => isSame(one.name, name)));
    return (values: readonly string[]) => {
      const kept = indexes.map((index) => values[index] ?? '');
      if (added === null) return kept;
      const value = places[at]! < 0 ? valueOf(part)! : (values[places[at]!] ?? '');
      return kept.toSpliced(position, 0, value);
    };
  });
  return { options, valuesOf };
}

/** Named and placed as the first product that has it says, else as the caller does. */
function addedOption(
  parts: readonly Part[],
  { how, places }: { how: MergeHow; places: readonly number[] },
) {
  if (how.option === null) return null;
  const holder = places.findIndex((place) => place >= 0);
  const values = parts.map((part, at) =>
    places[at]! < 0 ? [valueOf(part)!] : part.options[places[at]!]!.values,
  );
  return {
    name: holder < 0 ? how.option : parts[holder]!.options[places[holder]!]!.name,
    position: holder < 0 ? (how.optionPosition ?? 1) : places[holder]! + 1,
    values: union(values),
  };
}

const valueOf = ({ value, title }: Pick<Part, 'value' | 'title'>): string | null =>
  value ?? valueInTitle(title);

/** Values of all in the order they come, each once; the first spelling counts. */
function union(lists: readonly (readonly string[])[]): string[] {
  const all = new Map<string, string>();
  for (const value of lists.flat()) {
    if (!all.has(value.toLowerCase())) all.set(value.toLowerCase(), value);
  }
  return [...all.values()];
}

/** Where in the input the part stands. */
const fieldOf = (at: number, field: string) => (at === 0 ? field : `products.${at - 1}.${field}`);

function othersRefusal(
  others: readonly OptionDraft[][],
  parts: readonly Part[],
): InvalidInput | undefined {
  const namesOf = (options: readonly OptionDraft[]) =>
    options.map(({ name }) => name.toLowerCase()).sort();
  const at = others.findIndex(
    (own) => JSON.stringify(namesOf(own)) !== JSON.stringify(namesOf(others[0]!)),
  );
  if (at < 0) return undefined;
  const shown = (part: Part) => part.options.map(({ name }) => name).join(', ') || 'no options';
  const message = `${parts[at]!.title} has ${shown(parts[at]!)}, ${parts[0]!.title} has ${shown(parts[0]!)}: only the option to join by may be missing.`;
  return invalidInput(fieldOf(at, 'productId'), message, shown(parts[at]!));
}

function valuesRefusal(
  parts: readonly Part[],
  { option, places }: { option: string | null; places: readonly number[] },
): InvalidInput | undefined {
  for (const [at, part] of parts.entries()) {
    const isThere = places[at]! >= 0;
    if (isGiven(part.value) && (isThere || option === null)) {
      const message = isThere
        ? `${part.title} has its own values of ${option}.`
        : 'A value is of an option: name it.';
      return invalidInput(fieldOf(at, 'value'), message, part.value);
    }
    if (option !== null && !isThere && !valueOf(part)) {
      const message = `The title ${part.title} ends with no value: give the value of ${option}.`;
      return invalidInput(fieldOf(at, 'value'), message, part.value);
    }
  }
  return undefined;
}

/** In the order of the values of the first option, then of the second, as if the product had been made so. */
function inOrder<Variant extends { optionValues: string[] }>(
  options: readonly OptionDraft[],
  variants: readonly Variant[],
): Variant[] {
  const ranks = options.map(({ values }) => new Map(values.map((value, rank) => [value, rank])));
  const rankOf = ({ optionValues }: Variant, index: number) =>
    ranks[index]!.get(optionValues[index] ?? '') ?? Infinity;
  return [...variants].sort((a, b) => {
    const differs = options.findIndex((_, index) => rankOf(a, index) !== rankOf(b, index));
    return differs < 0 ? 0 : rankOf(a, differs) - rankOf(b, differs);
  });
}

/** What the first product's texts may end with: its values of the option. */
function valuesAdded(first: Part, { option }: MergeHow): string[] {
  if (option === null) return [];
  const own = first.options.find(({ name }) => isSame(name, option));
  return own === undefined ? [valueOf(first)!] : [...own.values];
}
