import anyAscii from 'any-ascii';
import { seenOf } from '@onecount/refusal';
import type { OptionDraft } from '../product/product.ts';
import { abbreviationKey, standardAbbreviations, type Abbreviations } from './abbreviation.ts';

/** Brackets enclose what falls away when a placeholder inside has no value. */
export const defaultSkuPattern = '{BRAND}{STYLE}[-{OPTION1}][-{OPTION2}][-{OPTION3}]';
export const skuPatternLengthMax = 200;

const lettersDefault = 3;
const lettersMost = 20;

export type SkuSource = {
  title: string;
  vendor: string | null;
  /** The vendor's three letters, where it has them. */
  vendorCode?: string | null;
  styleNumber?: string | null;
  options: readonly Pick<OptionDraft, 'name'>[];
  optionValues: readonly string[];
  /** The tenant's own, by their keys; they go before the standard ones. */
  abbreviations?: Abbreviations;
};

/** In Latin letters and digits of ASCII, upper case: "Größe" is GROSSE, "白金" is BAIJIN. */
const folded = (text: string): string =>
  anyAscii(text.normalize('NFKC'))
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase();

/** The own or standard abbreviation, else the number in front with two letters, else the first letters. */
export function abbreviate(
  value: string,
  lettersMax = lettersDefault,
  own: Abbreviations = new Map(),
): string {
  const key = abbreviationKey(value);
  const known = own.get(key) ?? standardAbbreviations.get(key);
  if (known !== undefined) return known.slice(0, lettersMax);
  const [, number = '', rest = ''] =
    /^([0-9]+(?:[.,/][0-9]+)*)?(.*)$/su.exec(value.normalize('NFKC').trim()) ?? [];
  // The number stays whole: sizes 6 and 6.5 must not become the same code.
  if (number !== '') return number.replace(/[,/]/gu, '.') + folded(rest).slice(0, 2);
  return folded(rest).slice(0, lettersMax);
}

/** Three letters of each of the first two words: "Galaxy V-Neck" → GALVNE. */
export function styleCode(title: string): string {
  const words = title.split(/\s+/u).map(folded);
  const code = words.filter((word) => word !== '').slice(0, 2);
  return code.map((word) => word.slice(0, 3)).join('') || 'ITEM';
}

function placeholderValue(placeholder: string, source: SkuSource): string {
  const [name = '', lengthText] = placeholder.split(':');
  const length = lengthText === undefined ? lettersDefault : Number(lengthText);
  const { abbreviations } = source;
  if (name === 'BRAND') {
    return source.vendorCode ?? abbreviate(source.vendor ?? '', length, abbreviations);
  }
  if (name === 'STYLE') return folded(source.styleNumber ?? '') || styleCode(source.title);
  return abbreviate(
    source.optionValues[optionIndex(name, source.options)] ?? '',
    length,
    abbreviations,
  );
}

/** Which option a placeholder names, by number or by name; -1 for none. */
function optionIndex(name: string, options: SkuSource['options']): number {
  const numbered = /^OPTION([1-3])$/.exec(name);
  if (numbered !== null) return Number(numbered[1]) - 1;
  return options.findIndex((option) => option.name.toLowerCase() === name.toLowerCase());
}

/**
 * A SKU by pattern: `{BRAND}`, `{STYLE}`, `{OPTION1}`…`{OPTION3}` or `{<option name>}`, each with an
 * optional `:<letters>`; `[…]` falls away when a placeholder inside is empty. Upper case, ASCII.
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
  const sku = seenOf(anyAscii(render(chosen)).toUpperCase().slice(0, 80))
    .replace(/-{2,}/gu, '-')
    .replace(/^-+|-+$/gu, '');
  return sku === '' ? 'ITEM' : sku;
}

export type SkuPatternProblem = {
  /** What stands there, as it was given. */
  text: string;
  /** From 1 on, in characters of the pattern. */
  position: number;
  message: string;
};

/** The first thing in a pattern that means nothing for a product with these options, or null. */
export function skuPatternProblem(
  pattern: string,
  options: SkuSource['options'],
): SkuPatternProblem | null {
  if (pattern.trim() === '' || pattern.length > skuPatternLengthMax) {
    const message = `A SKU pattern has 1–${skuPatternLengthMax} characters.`;
    return { text: pattern, position: 1, message };
  }
  // Placeholders, optional parts without one in another, literal text; anything else is a stray bracket.
  const parts = /\{([^{}[\]]*)\}|(\[)(?=[^[\]]*\])|[^{}[\]]+|./gsu;
  let isInside = false;
  for (const { 0: text, 1: placeholder, 2: opening, index } of pattern.matchAll(parts)) {
    const isPair = opening !== undefined || (text === ']' && isInside);
    const reason =
      placeholder !== undefined
        ? placeholderProblem(placeholder, options)
        : isPair || !/[{}[\]]/.test(text)
          ? null
          : 'is a bracket without its other half';
    if (reason !== null) {
      const position = [...pattern.slice(0, index)].length + 1;
      return { text, position, message: `${text} at position ${position} ${reason}.` };
    }
    if (isPair) isInside = opening !== undefined;
  }
  return null;
}

function placeholderProblem(placeholder: string, options: SkuSource['options']): string | null {
  const [name = '', letters, ...more] = placeholder.split(':');
  const isNumber = letters === undefined || /^[1-9][0-9]?$/.test(letters);
  if (!isNumber || more.length > 0 || Number(letters ?? 1) > lettersMost) {
    return `has no number of letters from 1 to ${lettersMost} behind its colon`;
  }
  if (name === 'BRAND' || name === 'STYLE' || optionIndex(name, options) >= 0) return null;
  const names = options.map((option) => `{${option.name}}`);
  const known = ['{BRAND}', '{STYLE}', '{OPTION1}', '{OPTION2}', '{OPTION3}', ...names];
  return `is no placeholder of this product; there are ${known.join(', ')}`;
}
