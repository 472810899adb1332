import type { SizeKind, SizeSystem } from './customer.ts';

type Rule = { pattern: RegExp; min?: number; max?: number; step?: number; words: string };

const decimal = /^\d{1,4}(\.\d{1,2})?$/;
const length: Rule = { pattern: decimal, min: 0.01, words: 'a number above zero, as 6.5' };

// Ring sizes: US and Canada in quarters, UK as BS 6820 in letters, EU as ISO 8653 by inner circumference in millimetres,
// Japan as JIS S 4700 in whole numbers; MM is the inner diameter.
const ringRules: Partial<Record<SizeSystem, Rule>> = {
  US: { pattern: decimal, min: 0, max: 16, step: 0.25, words: '0 to 16 in quarters, as 6.25' },
  UK: { pattern: /^([A-Z][¼½¾]?|Z[1-6])$/, words: 'a letter, with ¼, ½, ¾ or Z1 to Z6 beyond Z' },
  EU: { pattern: decimal, min: 38, max: 77, step: 0.5, words: '38 to 77 in halves, as 54' },
  JP: { pattern: /^\d{1,2}$/, min: 1, max: 30, words: '1 to 30' },
  MM: { pattern: decimal, min: 12, max: 26, words: 'an inner diameter of 12 to 26' },
};
const otherRules: Record<SizeSystem, Rule> = {
  US: { pattern: /^[A-Z0-9][A-Z0-9 ./-]{0,9}$/i, words: 'a size of the country' },
  UK: { pattern: /^[A-Z0-9][A-Z0-9 ./-]{0,9}$/i, words: 'a size of the country' },
  EU: { pattern: /^[A-Z0-9][A-Z0-9 ./-]{0,9}$/i, words: 'a size of the country' },
  JP: { pattern: /^[A-Z0-9][A-Z0-9 ./-]{0,9}$/i, words: 'a size of the country' },
  LETTERS: { pattern: /^(XXS|XS|S|M|L|XL|XXL|[3-5]XL)$/, words: 'XXS to 5XL' },
  MM: length,
  CM: length,
  IN: length,
};

/** As it is kept: capitals, a point for a comma, a sign for a typed fraction. */
export function sizeValue(text: string): string {
  const fractions: Record<string, string> = { '1/4': '¼', '1/2': '½', '3/4': '¾' };
  return text
    .trim()
    .toUpperCase()
    .replace(/(?<=\d),(?=\d)/, '.')
    .replace(/(?<=^[A-Z])\s*(1\/4|1\/2|3\/4)$/, (typed) => fractions[typed.trim()]!);
}

/** What is wrong with a size as `sizeValue` gives it, in words; undefined when nothing is. */
export function sizeProblem(
  kind: SizeKind,
  { system, value }: { system: SizeSystem; value: string },
): string | undefined {
  const rule = kind === 'RING' ? ringRules[system] : otherRules[system];
  if (!rule) return `A ring has no size in ${system}.`;
  const { pattern, min = -Infinity, max = Infinity, step, words } = rule;
  const isNumber = min !== -Infinity;
  const number = Number(value);
  const fits =
    pattern.test(value) &&
    (!isNumber || (number >= min && number <= max && (!step || Number.isInteger(number / step))));
  return fits ? undefined : `A size in ${system} is ${words}.`;
}
