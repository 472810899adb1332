import type { OptionDraft } from '../product/product.ts';
import type { Field } from './csv-columns.ts';
import type { RowReader } from './csv-row.ts';

const optionFields: { name: Field; value: Field }[] = [
  { name: 'option1Name', value: 'option1Value' },
  { name: 'option2Name', value: 'option2Value' },
  { name: 'option3Name', value: 'option3Value' },
];

export const optionValueFields: readonly Field[] = optionFields.map(({ value }) => value);

/** The options' names stand on the product's first row; later rows may repeat them. */
export function optionNames(first: RowReader): string[] {
  if (isDefaultTitle(first)) return [];
  const named = optionFields.map(({ name }) => first.text(name));
  const count = named.findLastIndex((name) => name !== '') + 1;
  return named.slice(0, count);
}

/** Shopify's way to write that a product has no options. */
function isDefaultTitle(first: RowReader): boolean {
  return (
    first.text('option1Name').toLowerCase() === 'title' &&
    first.text('option1Value').toLowerCase() === 'default title'
  );
}

/** The values of one variant row, one for each named option; reports what is missing or too much. */
export function optionValues(names: readonly string[], reader: RowReader): string[] {
  return optionFields.flatMap(({ name, value }, index) => {
    const shown = reader.text(value);
    const wanted = names[index];
    if (wanted === undefined) {
      reportUnnamed(reader, { name, value, shown, number: index + 1 });
      return [];
    }
    if (reader.filled(name) && reader.text(name).toLowerCase() !== wanted.toLowerCase()) {
      const message = `Option ${index + 1} is ${wanted} in the product's first row.`;
      reader.wrong(name, 'OPTIONS_DIFFER', message);
    }
    if (shown === '') {
      reader.wrong(value, 'MISSING_OPTION_VALUE', `The variant has no value of option ${wanted}.`);
    }
    return [shown];
  });
}

function reportUnnamed(
  reader: RowReader,
  option: { name: Field; value: Field; shown: string; number: number },
): void {
  const isDefault = option.number === 1 && option.shown.toLowerCase() === 'default title';
  if (option.shown === '' || isDefault) return;
  const message = `"${option.shown}" is a value of option ${option.number}, which has no name in the product's first row.`;
  reader.wrong(option.name, 'MISSING_OPTION_NAME', message);
}

/** The options with their values in the order of the file; "red" after "Red" is the same value. */
export function optionsOf(names: readonly string[], valuesByVariant: string[][]): OptionDraft[] {
  return names.map((name, index) => {
    const values = new Map<string, string>();
    for (const variant of valuesByVariant) {
      const value = variant[index] ?? '';
      if (!values.has(value.toLowerCase())) values.set(value.toLowerCase(), value);
    }
    return { name, values: [...values.values()] };
  });
}
