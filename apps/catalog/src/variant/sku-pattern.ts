import { seenOf } from '@onecount/refusal';
import type { OptionDraft } from '../product/product.ts';

/** Brackets enclose what falls away when a placeholder inside has no value. */
export const defaultSkuPattern = '{BRAND}{STYLE}[-{OPTION1}][-{OPTION2}][-{OPTION3}]';

const standardAbbreviations = new Map([
  ['red', 'RED'],
  ['blue', 'BLU'],
  ['black', 'BLK'],
  ['white', 'WHT'],
  ['navy', 'NAV'],
  ['green', 'GRN'],
  ['grey', 'GRY'],
  ['gray', 'GRY'],
  ['cotton', 'COT'],
  ['polyester', 'PLY'],
  ['wool', 'WOL'],
  ['small', 'S'],
  ['medium', 'M'],
  ['large', 'L'],
  ['extra large', 'XL'],
]);

const lettersDefault = 3;

export type SkuSource = {
  title: string;
  vendor: string | null;
  options: readonly Pick<OptionDraft, 'name'>[];
  optionValues: readonly string[];
};

/** The standard abbreviation, else the number in front with two letters, else the first letters. */
export function abbreviate(value: string, lettersMax = lettersDefault): string {
  const standard = standardAbbreviations.get(value.trim().toLowerCase().replace(/\s+/gu, ' '));
  if (standard !== undefined) return standard.slice(0, lettersMax);
  const [, number = '', rest = ''] =
    /^([0-9]+(?:[.,/][0-9]+)*)?(.*)$/su.exec(value.normalize('NFKC').trim()) ?? [];
  const letters = rest.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
  // The number stays whole: sizes 6 and 6.5 must not become the same code.
  if (number !== '') return number.replace(/[,/]/gu, '.') + letters.slice(0, 2);
  return letters.slice(0, lettersMax);
}

/** Three letters of each of the first two words: "Galaxy V-Neck" → GALVNE. */
export function styleCode(title: string): string {
  const words = title.split(/\s+/u).map((word) => word.replace(/[^\p{L}\p{N}]/gu, ''));
  const code = words
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => word.slice(0, 3).toUpperCase())
    .join('');
  return code === '' ? 'ITEM' : code;
}

function placeholderValue(placeholder: string, source: SkuSource): string {
  const [name = '', lengthText] = placeholder.split(':');
  const length = lengthText === undefined ? lettersDefault : Number(lengthText);
  if (name === 'BRAND') return abbreviate(source.vendor ?? '', length);
  if (name === 'STYLE') return styleCode(source.title);
  const numbered = /^OPTION([1-3])$/.exec(name);
  const index =
    numbered === null
      ? source.options.findIndex((option) => option.name.toLowerCase() === name.toLowerCase())
      : Number(numbered[1]) - 1;
  return abbreviate(source.optionValues[index] ?? '', length);
}

/**
 * A SKU by pattern: `{BRAND}`, `{STYLE}`, `{OPTION1}`…`{OPTION3}` or `{<option name>}`, each with an
 * optional `:<letters>`; `[…]` falls away when a placeholder inside is empty. Upper case.
 */
export function skuFromPattern(pattern: string, source: SkuSource): string {
  const render = (text: string) =>
    text.replace(/\{([^{}]+)\}/gu, (_, placeholder: string) =>
      placeholderValue(placeholder, source),
    );
  const hasEmpty = (text: string) =>
    [...text.matchAll(/\{([^{}]+)\}/gu)].some(
      ([, placeholder = '']) => placeholderValue(placeholder, source) === '',
    );
  const chosen = pattern.replace(/\[([^\][]*)\]/gu, (_, inner: string) =>
    hasEmpty(inner) ? '' : inner,
  );
  // Cut before what cannot be seen goes: half of a character is left by the cut.
  const sku = seenOf(render(chosen).toUpperCase().slice(0, 80))
    .replace(/-{2,}/gu, '-')
    .replace(/^-+|-+$/gu, '');
  return sku === '' ? 'ITEM' : sku;
}
