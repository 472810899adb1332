import {
  codeKey,
  foldedIdentifier,
  identifierOf,
  identifierRule,
  invalidInput,
  isIdentifier,
} from '@onecount/refusal';
import { barcodeProblem } from '../variant/barcode.ts';
import { openingQuantityMax, skuProblem, type VariantDraft } from '../variant/variant.ts';
import { variantLimitExceeded, type PlanRefusal } from './product.errors.ts';
import { combinationKey, variantsMax, type OptionDraft } from './product.ts';
import { splitPlan } from './split-plan.ts';

/** The first thing that is wrong with the variants of a draft, from the first variant on. */
export function variantsRefusal(
  options: readonly OptionDraft[],
  variants: readonly VariantDraft[],
): PlanRefusal | null {
  if (variants.length === 0) {
    return invalidInput('variants', 'A product needs at least one variant.');
  }
  if (variants.length > variantsMax) {
    const plan = splitPlan(options, variantsMax);
    return variantLimitExceeded({ requested: variants.length, limit: variantsMax }, plan);
  }
  const seen = {
    combinations: new Set<string>(),
    skus: new Set<string>(),
    codes: new Set<string>(),
  };
  for (const [index, variant] of variants.entries()) {
    const field = `variants.${index}`;
    const refusal =
      combinationRefusal(field, options, variant, seen.combinations) ??
      skuRefusal(field, variant, seen.skus) ??
      barcodeRefusal(field, variant, seen.codes) ??
      moneyRefusal(field, variant) ??
      stockRefusal(field, variant);
    if (refusal !== null) return refusal;
  }
  return null;
}

function combinationRefusal(
  field: string,
  options: readonly OptionDraft[],
  { optionValues }: VariantDraft,
  seen: Set<string>,
): PlanRefusal | null {
  const shown = optionValues.join(' / ');
  if (optionValues.length !== options.length) {
    const message = `The product has ${options.length} options, the variant ${optionValues.length} option values.`;
    return invalidInput(`${field}.optionValues`, message, shown);
  }
  for (const [index, option] of options.entries()) {
    const value = optionValues[index]?.trim().toLowerCase();
    if (!option.values.some((known) => known.toLowerCase() === value)) {
      const message = `${optionValues[index]} is not a value of option ${option.name}.`;
      return invalidInput(`${field}.optionValues`, message, shown);
    }
  }
  const key = combinationKey(optionValues.map((value) => value.trim()));
  if (seen.has(key)) {
    const message = shown === '' ? 'Two variants without options.' : `Two variants are ${shown}.`;
    return invalidInput(`${field}.optionValues`, message, shown);
  }
  seen.add(key);
  return null;
}

function skuRefusal(field: string, variant: VariantDraft, seen: Set<string>): PlanRefusal | null {
  if (variant.sku === undefined) return null;
  const problem = skuProblem(variant.sku);
  if (problem !== null) {
    return invalidInput(`${field}.sku`, `SKU "${variant.sku}" ${problem}.`, variant.sku);
  }
  const key = foldedIdentifier(variant.sku);
  if (seen.has(key)) {
    return invalidInput(`${field}.sku`, `Two variants have the SKU ${variant.sku}.`, variant.sku);
  }
  seen.add(key);
  return null;
}

function barcodeRefusal(
  field: string,
  { barcode, stockCode }: VariantDraft,
  seen: Set<string>,
): PlanRefusal | null {
  const problem = barcode === undefined ? null : barcodeProblem(barcode);
  if (problem !== null) {
    return invalidInput(`${field}.barcode`, `Barcode "${barcode}" ${problem}.`, barcode);
  }
  const code = barcode ?? stockCode;
  if (code === undefined) return null;
  const key = codeKey(code);
  if (seen.has(key)) {
    return invalidInput(`${field}.barcode`, `Two variants have the barcode ${code}.`, code);
  }
  seen.add(key);
  return null;
}

function moneyRefusal(field: string, variant: VariantDraft): PlanRefusal | null {
  for (const name of ['priceMinor', 'compareAtPriceMinor', 'costMinor'] as const) {
    const amount = variant[name];
    if (amount !== undefined && amount < 0) {
      const shown = name.replace('Minor', '');
      return invalidInput(`${field}.${shown}`, `${shown} is below zero.`, String(amount));
    }
  }
  const weight = variant.weightGrams;
  if (weight !== undefined && weight < 0) {
    return invalidInput(`${field}.weightGrams`, 'A weight is not below zero.', String(weight));
  }
  return null;
}

function stockRefusal(field: string, variant: VariantDraft): PlanRefusal | null {
  for (const [index, line] of variant.openingStock.entries()) {
    const message = openingStockProblem(variant, line);
    if (message !== null) {
      return invalidInput(`${field}.openingStock.${index}`, message, String(line.quantity));
    }
  }
  return null;
}

function openingStockProblem(
  { tracking, openingStock }: VariantDraft,
  line: VariantDraft['openingStock'][number],
): string | null {
  if (line.locationCode.trim() === '') return 'Opening stock needs a location code.';
  if (openingStock.filter((other) => other.locationCode === line.locationCode).length > 1) {
    return `Location ${line.locationCode} is named twice.`;
  }
  const { quantity } = line;
  if (!Number.isSafeInteger(quantity) || quantity < 0 || quantity > openingQuantityMax) {
    return `An opening quantity is a whole number from 0 to ${openingQuantityMax}, not ${quantity}.`;
  }
  if (tracking === 'NONE' && line.quantity > 0) return 'An untracked variant has nothing to count.';
  if (tracking !== 'SERIAL' && line.serials.length > 0) {
    return 'Serial units belong to a variant with tracking SERIAL.';
  }
  if (tracking === 'SERIAL' && line.serials.length !== line.quantity) {
    return `${line.quantity} serial units are announced and ${line.serials.length} are named.`;
  }
  return serialsProblem(line.serials);
}

function serialsProblem(serials: VariantDraft['openingStock'][number]['serials']): string | null {
  const seen = new Set<string>();
  for (const { serial, stockNumber } of serials) {
    const names = [serial, stockNumber].filter((name) => name !== undefined);
    if (names.length === 0) return 'A serial unit needs a serial or a stock number.';
    if (!names.every((name) => isIdentifier(name))) {
      return `Serials and stock numbers have 1–255 characters, ${identifierRule}.`;
    }
    if (serial === undefined) continue;
    if (seen.has(identifierOf(serial))) return `Serial ${serial} is named twice.`;
    seen.add(identifierOf(serial));
  }
  return null;
}
