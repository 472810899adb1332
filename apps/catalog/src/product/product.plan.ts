import { isRefusal } from '@onecount/db';
import { barcodeProblem } from '../variant/barcode.ts';
import {
  openingQuantityMax,
  skuProblem,
  type VariantDraft,
  type VariantPlan,
} from '../variant/variant.ts';
import { invalidInput, optionLimitExceeded, variantLimitExceeded } from './product.errors.ts';
import type { PlanRefusal } from './product.errors.ts';
import {
  combinationKey,
  combinationsOf,
  combinationsTotal,
  optionLengthMax,
  optionsMax,
  slugOf,
  titleLengthMax,
  variantFullTitle,
  variantTitle,
  variantsMax,
  variantsWarnAbove,
  type OptionDraft,
  type ProductDraft,
  type ProductPlan,
  type ProductWarning,
} from './product.ts';

/**
 * Checks a draft and derives titles, positions and combinations. Refusals in this order: title and
 * handle, options, number of variants, each variant from the first on.
 */
export function planProduct(draft: ProductDraft): ProductPlan | PlanRefusal {
  const title = draft.title.trim();
  const options = trimmedOptions(draft.options);
  const basics = basicsRefusal(title, draft) ?? optionsRefusal(options);
  if (basics !== null) return basics;
  const variants = draft.variants ?? generatedVariants(options, draft);
  if (isRefusal(variants)) return variants;
  const refusal = variantsRefusal(options, variants);
  if (refusal !== null) return refusal;
  const planned = variants.map((variant, index) => planVariant({ title, options, variant, index }));
  const givenHandle = slugOf(draft.handle ?? '');
  return {
    title,
    handle: givenHandle === '' ? slugOf(title) || 'product' : givenHandle,
    isHandleGenerated: givenHandle === '',
    descriptionHtml: draft.descriptionHtml ?? '',
    vendor: blankAsNull(draft.vendor),
    category: blankAsNull(draft.category),
    productType: blankAsNull(draft.productType),
    tags: uniqueTags(draft.tags),
    status: draft.status ?? draft.statusDefault,
    isStatusGiven: draft.status !== undefined,
    options,
    media: mediaOf(draft, planned),
    variants: planned,
    warnings: warningsOf(planned),
    skuPattern: draft.skuPattern,
  };
}

function blankAsNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function trimmedOptions(options: readonly OptionDraft[]): OptionDraft[] {
  return options.map(({ name, values }) => ({
    name: name.trim(),
    values: values.map((value) => value.trim()),
  }));
}

function uniqueTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
}

function basicsRefusal(title: string, draft: ProductDraft): PlanRefusal | null {
  if (title === '') return invalidInput('title', draft.title, 'A product needs a title.');
  if (title.length > titleLengthMax) {
    return invalidInput('title', title, `A title has at most ${titleLengthMax} characters.`);
  }
  for (const field of ['vendor', 'category', 'productType'] as const) {
    const value = draft[field]?.trim() ?? '';
    if (value.length > 255) {
      return invalidInput(field, value, `${field} has at most 255 characters.`);
    }
  }
  return null;
}

function optionsRefusal(options: readonly OptionDraft[]): PlanRefusal | null {
  if (options.length > optionsMax) {
    return optionLimitExceeded({ requested: options.length, limit: optionsMax });
  }
  const names = new Set<string>();
  for (const [index, option] of options.entries()) {
    const field = `options.${index}`;
    if (option.name === '') {
      return invalidInput(`${field}.name`, option.name, 'An option needs a name.');
    }
    const long = [option.name, ...option.values].find((text) => text.length > optionLengthMax);
    if (long !== undefined) {
      const message = `Names and values of options have at most ${optionLengthMax} characters.`;
      return invalidInput(`${field}.values`, long.slice(0, 80), message);
    }
    if (names.has(option.name.toLowerCase())) {
      return invalidInput(`${field}.name`, option.name, `Two options are named ${option.name}.`);
    }
    names.add(option.name.toLowerCase());
    const refusal = optionValuesRefusal(field, option);
    if (refusal !== null) return refusal;
  }
  return null;
}

function optionValuesRefusal(field: string, option: OptionDraft): PlanRefusal | null {
  if (option.values.length === 0) {
    return invalidInput(`${field}.values`, null, `Option ${option.name} has no values.`);
  }
  const seen = new Set<string>();
  for (const value of option.values) {
    if (value === '') {
      return invalidInput(`${field}.values`, value, `Option ${option.name} has a blank value.`);
    }
    if (seen.has(value.toLowerCase())) {
      return invalidInput(
        `${field}.values`,
        value,
        `Option ${option.name} has the value ${value} twice.`,
      );
    }
    seen.add(value.toLowerCase());
  }
  return null;
}

function generatedVariants(
  options: readonly OptionDraft[],
  draft: ProductDraft,
): VariantDraft[] | PlanRefusal {
  // Counted before they are made: three options of 500 values would be 125 million variants.
  const total = combinationsTotal(options);
  if (total > variantsMax) {
    return variantLimitExceeded({ requested: total, limit: variantsMax });
  }
  return combinationsOf(options).map((optionValues) => ({ ...draft.defaults, optionValues }));
}

function variantsRefusal(
  options: readonly OptionDraft[],
  variants: readonly VariantDraft[],
): PlanRefusal | null {
  if (variants.length === 0) {
    return invalidInput('variants', null, 'A product needs at least one variant.');
  }
  if (variants.length > variantsMax) {
    return variantLimitExceeded({ requested: variants.length, limit: variantsMax });
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
    return invalidInput(`${field}.optionValues`, shown, message);
  }
  for (const [index, option] of options.entries()) {
    const value = optionValues[index]?.trim().toLowerCase();
    if (!option.values.some((known) => known.toLowerCase() === value)) {
      const message = `${optionValues[index]} is not a value of option ${option.name}.`;
      return invalidInput(`${field}.optionValues`, shown, message);
    }
  }
  const key = combinationKey(optionValues.map((value) => value.trim()));
  if (seen.has(key)) {
    const message = shown === '' ? 'Two variants without options.' : `Two variants are ${shown}.`;
    return invalidInput(`${field}.optionValues`, shown, message);
  }
  seen.add(key);
  return null;
}

function skuRefusal(field: string, variant: VariantDraft, seen: Set<string>): PlanRefusal | null {
  if (variant.sku === undefined) return null;
  const problem = skuProblem(variant.sku);
  if (problem !== null) {
    return invalidInput(`${field}.sku`, variant.sku, `SKU "${variant.sku}" ${problem}.`);
  }
  if (seen.has(variant.sku)) {
    return invalidInput(`${field}.sku`, variant.sku, `Two variants have the SKU ${variant.sku}.`);
  }
  seen.add(variant.sku);
  return null;
}

function barcodeRefusal(
  field: string,
  { barcode }: VariantDraft,
  seen: Set<string>,
): PlanRefusal | null {
  if (barcode === undefined) return null;
  const problem = barcodeProblem(barcode);
  if (problem !== null) {
    return invalidInput(`${field}.barcode`, barcode, `Barcode "${barcode}" ${problem}.`);
  }
  if (seen.has(barcode)) {
    return invalidInput(`${field}.barcode`, barcode, `Two variants have the barcode ${barcode}.`);
  }
  seen.add(barcode);
  return null;
}

function moneyRefusal(field: string, variant: VariantDraft): PlanRefusal | null {
  for (const name of ['priceMinor', 'compareAtPriceMinor', 'costMinor'] as const) {
    const amount = variant[name];
    if (amount !== undefined && amount < 0) {
      const shown = name.replace('Minor', '');
      return invalidInput(`${field}.${shown}`, String(amount), `${shown} is below zero.`);
    }
  }
  const weight = variant.weightGrams;
  if (weight !== undefined && weight < 0) {
    return invalidInput(`${field}.weightGrams`, String(weight), 'A weight is not below zero.');
  }
  return null;
}

function stockRefusal(field: string, variant: VariantDraft): PlanRefusal | null {
  for (const [index, line] of variant.openingStock.entries()) {
    const message = openingStockProblem(variant, line);
    if (message !== null) {
      return invalidInput(`${field}.openingStock.${index}`, String(line.quantity), message);
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
    const names = [serial, stockNumber].filter((name) => name !== undefined && name.trim() !== '');
    if (names.length === 0) return 'A serial unit needs a serial or a stock number.';
    if (serial !== undefined && seen.has(serial)) return `Serial ${serial} is named twice.`;
    if (serial !== undefined) seen.add(serial);
  }
  return null;
}

function planVariant(place: {
  title: string;
  options: readonly OptionDraft[];
  variant: VariantDraft;
  index: number;
}): VariantPlan {
  const { title, options, variant, index } = place;
  const optionValues = variant.optionValues.map((value, at) => spelling(options[at], value));
  return {
    ...variant,
    optionValues,
    position: index + 1,
    sku: variant.sku ?? null,
    barcode: variant.barcode ?? null,
    title: variantTitle(title, optionValues),
    fullTitle: variantFullTitle(title, optionValues),
  };
}

/** The option's own spelling of a value, so that "red" and "Red" are one value everywhere. */
function spelling(option: OptionDraft | undefined, value: string): string {
  const wanted = value.trim().toLowerCase();
  return option?.values.find((known) => known.toLowerCase() === wanted) ?? value.trim();
}

/** The product's media in their order, then those that only a variant names. */
function mediaOf(draft: ProductDraft, variants: readonly VariantPlan[]): ProductPlan['media'] {
  const byUrl = new Map(draft.media.map((medium) => [medium.url, medium]));
  for (const { mediaUrl } of variants) {
    if (mediaUrl !== undefined && !byUrl.has(mediaUrl)) byUrl.set(mediaUrl, { url: mediaUrl });
  }
  return [...byUrl.values()];
}

function warningsOf(variants: readonly VariantPlan[]): ProductWarning[] {
  const warnings: ProductWarning[] = [];
  if (variants.length > variantsWarnAbove) {
    warnings.push({
      code: 'MANY_VARIANTS',
      message: `${variants.length} variants; some storefronts take at most ${variantsWarnAbove} per product.`,
    });
  }
  const withoutPrice = variants.filter((variant) => variant.priceMinor === undefined).length;
  if (withoutPrice > 0) {
    warnings.push({
      code: 'PRICE_MISSING',
      message: `${withoutPrice} of ${variants.length} variants have no price and cannot be sold yet.`,
    });
  }
  return warnings;
}
