import { invalidInput, isRefusal, type InvalidInput } from '@onecount/refusal';
import { optionLimitExceeded } from '../product/product.errors.ts';
import { optionsRefusal } from '../product/product.plan.ts';
import { combinationKey, optionsMax, type OptionDraft } from '../product/product.ts';

/** The options after a change, and what becomes of a variant's values. Pure. */
export type OptionsPlan = {
  options: OptionDraft[];
  valuesOf: (values: readonly string[]) => string[];
  renamed?: Renamed;
};

/** An option that is called otherwise now; with `value` one of its values. */
export type Renamed = { option: string; value: string | null; name: string };

type Options = readonly OptionDraft[];

/** Whether two names of options, or of values, are one. */
export const isSame = (one: string, other: string) =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
const unchanged = (values: readonly string[]) => [...values];

function indexOf(options: Options, name: string): number | InvalidInput {
  const index = options.findIndex((option) => isSame(option.name, name));
  if (index >= 0) return index;
  const names = options.map((option) => option.name).join(', ') || 'none';
  return invalidInput('option', `There is no option ${name}; the product has ${names}.`, name);
}

function valueIndexOf({ name, values }: OptionDraft, value: string): number | InvalidInput {
  const index = values.findIndex((known) => isSame(known, value));
  return index >= 0 ? index : invalidInput('value', `Option ${name} has no value ${value}.`, value);
}

/** What the options of a new product are refused for, they are refused for here; their number is looked at before. */
function checked(plan: OptionsPlan): OptionsPlan | InvalidInput {
  const refusal = optionsRefusal(plan.options);
  return refusal === null ? plan : (refusal as InvalidInput);
}

export function addOption(
  options: Options,
  given: { name: string; values: readonly string[]; valueOfVariants?: string | null },
): OptionsPlan | InvalidInput | ReturnType<typeof optionLimitExceeded> {
  if (options.length >= optionsMax) {
    return optionLimitExceeded({ requested: options.length + 1, limit: optionsMax });
  }
  const option = { name: given.name.trim(), values: given.values.map((value) => value.trim()) };
  const wanted = given.valueOfVariants ?? option.values[0] ?? '';
  const value = option.values.find((known) => isSame(known, wanted));
  if (option.values.length > 0 && value === undefined) {
    const message = `${wanted} is not a value of option ${option.name}.`;
    return invalidInput('valueOfVariants', message, wanted);
  }
  return checked({
    options: [...options, option],
    valuesOf: (values) => [...values, value ?? ''],
  });
}

export function renameOption(options: Options, { option, name }: { option: string; name: string }) {
  const index = indexOf(options, option);
  if (isRefusal(index)) return index;
  const renamed = { ...options[index]!, name: name.trim() };
  return checked({
    options: options.with(index, renamed),
    valuesOf: unchanged,
    renamed: { option, value: null, name: renamed.name },
  });
}

export function removeOption(options: Options, option: string): OptionsPlan | InvalidInput {
  const index = indexOf(options, option);
  if (isRefusal(index)) return index;
  return {
    options: options.toSpliced(index, 1),
    valuesOf: (values) => values.toSpliced(index, 1),
  };
}

export function reorderOptions(
  options: Options,
  names: readonly string[],
): OptionsPlan | InvalidInput {
  const order = orderOf('options', { known: options.map(({ name }) => name), wanted: names });
  if (isRefusal(order)) return order;
  return {
    options: order.map((index) => options[index]!),
    valuesOf: (values: readonly string[]) => order.map((index) => values[index] ?? ''),
  };
}

export function addValues(
  options: Options,
  { option, values }: { option: string; values: readonly string[] },
): OptionsPlan | InvalidInput {
  const index = indexOf(options, option);
  if (isRefusal(index)) return index;
  const { name, values: known } = options[index]!;
  if (values.length === 0) return invalidInput('values', 'Give at least one value.');
  const all = [...known, ...values.map((value) => value.trim())];
  return checked({ options: options.with(index, { name, values: all }), valuesOf: unchanged });
}

export function renameValue(
  options: Options,
  { option, value, name }: { option: string; value: string; name: string },
): OptionsPlan | InvalidInput {
  const index = indexOf(options, option);
  if (isRefusal(index)) return index;
  const at = valueIndexOf(options[index]!, value);
  if (isRefusal(at)) return at;
  const { name: optionName, values } = options[index]!;
  const renamed = { name: optionName, values: values.with(at, name.trim()) };
  return checked({
    options: options.with(index, renamed),
    valuesOf: (own) =>
      isSame(own[index] ?? '', value) ? own.toSpliced(index, 1, name.trim()) : [...own],
    renamed: { option, value, name: name.trim() },
  });
}

export function reorderValues(
  options: Options,
  { option, values }: { option: string; values: readonly string[] },
): OptionsPlan | InvalidInput {
  const index = indexOf(options, option);
  if (isRefusal(index)) return index;
  const { name, values: known } = options[index]!;
  const order = orderOf('values', { known, wanted: values });
  if (isRefusal(order)) return order;
  const ordered = { name, values: order.map((at) => known[at]!) };
  return { options: options.with(index, ordered), valuesOf: unchanged };
}

/** `isGone` says which variants go with the value. */
export function removeValue(
  options: Options,
  { option, value }: { option: string; value: string },
): (OptionsPlan & { isGone: (values: readonly string[]) => boolean }) | InvalidInput {
  const index = indexOf(options, option);
  if (isRefusal(index)) return index;
  const at = valueIndexOf(options[index]!, value);
  if (isRefusal(at)) return at;
  const { name, values } = options[index]!;
  if (values.length === 1) {
    return invalidInput(
      'value',
      `${value} is the only value of ${name}: remove the option.`,
      value,
    );
  }
  const rest = { name, values: values.toSpliced(at, 1) };
  return {
    options: options.with(index, rest),
    valuesOf: unchanged,
    isGone: (own) => isSame(own[index] ?? '', value),
  };
}

/** The places of all known names in the wanted order; refused unless each is named once. */
function orderOf(
  field: string,
  { known, wanted }: { known: readonly string[]; wanted: readonly string[] },
): number[] | InvalidInput {
  const order = wanted.map((name) => known.findIndex((one) => isSame(one, name)));
  const isWhole = order.length === known.length && new Set(order).size === known.length;
  if (isWhole && !order.includes(-1)) return order;
  const message = `Name each of these once, in the new order: ${known.join(', ') || 'none'}.`;
  return invalidInput(field, message, wanted.join(', '));
}

/** The variants that would be like another one, by their SKUs. */
export function coinciding(
  variants: readonly { sku: string; optionValues: readonly string[] }[],
  { valuesOf }: Pick<OptionsPlan, 'valuesOf'>,
): string[] {
  const byKey = Map.groupBy(variants, (one) => combinationKey(valuesOf(one.optionValues)));
  return [...byKey.values()]
    .filter((twins) => twins.length > 1)
    .flatMap((twins) => twins.map(({ sku }) => sku));
}
