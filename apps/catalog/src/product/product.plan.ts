import { invalidInput, isRefusal } from '@onecount/refusal';
import { skuPatternProblem } from '../variant/sku-pattern.ts';
import { namesIn, pathProblem, separator } from '../category/category.ts';
import type { VariantDraft, VariantPlan } from '../variant/variant.ts';
import { mediaMax } from '../media/media.ts';
import { optionLimitExceeded, variantLimitExceeded } from './product.errors.ts';
import { removedSentence, sanitisedDescription } from './description.ts';
import type { PlanRefusal } from './product.errors.ts';
import { variantsRefusal } from './product.plan-variants.ts';
import { splitPlan } from './split-plan.ts';
import {
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
 * handle, options, SKU pattern, number of variants, each variant from the first on.
 */
export function planProduct(draft: ProductDraft): ProductPlan | PlanRefusal {
  const title = draft.title.trim();
  const options = trimmedOptions(draft.options);
  const basics =
    basicsRefusal(title, draft) ?? optionsRefusal(options) ?? patternRefusal(draft, options);
  if (basics !== null) return basics;
  const variants = draft.variants ?? generatedVariants(options, draft);
  if (isRefusal(variants)) return variants;
  const refusal = variantsRefusal(options, variants);
  if (refusal !== null) return refusal;
  const planned = variants.map((variant, index) => planVariant({ title, options, variant, index }));
  const media = mediaOf(draft, planned);
  if (media.length > mediaMax) {
    return invalidInput('media', `A product has at most ${mediaMax} pictures.`, media.length);
  }
  const description = sanitisedDescription(draft.descriptionHtml ?? '');
  const givenHandle = slugOf(draft.handle ?? '');
  return {
    title,
    handle: givenHandle === '' ? slugOf(title) || 'product' : givenHandle,
    isHandleGenerated: givenHandle === '',
    descriptionHtml: description.html,
    vendor: blankAsNull(draft.vendor),
    category: namesIn(draft.category ?? '').join(separator) || null,
    productType: blankAsNull(draft.productType),
    tags: uniqueTags(draft.tags),
    status: draft.status ?? draft.statusDefault,
    isStatusGiven: draft.status !== undefined,
    isUnlisted: draft.isUnlisted,
    facts: draft.facts ?? {},
    options,
    media,
    variants: planned,
    warnings: [...warningsOf(planned), ...htmlWarnings(removedSentence(description))],
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
  if (title === '') return invalidInput('title', 'A product needs a title.', draft.title);
  if (title.length > titleLengthMax) {
    return invalidInput('title', `A title has at most ${titleLengthMax} characters.`, title);
  }
  const category = draft.category === undefined ? null : pathProblem(draft.category);
  if (category !== null) return invalidInput('category', category, draft.category);
  for (const field of ['vendor', 'productType'] as const) {
    const value = draft[field]?.trim() ?? '';
    if (value.length > 255) {
      return invalidInput(field, `${field} has at most 255 characters.`, value);
    }
  }
  return null;
}

function patternRefusal(
  { skuPattern }: ProductDraft,
  options: readonly OptionDraft[],
): PlanRefusal | null {
  const problem = skuPattern === undefined ? null : skuPatternProblem(skuPattern, options);
  return problem === null ? null : invalidInput('skuPattern', problem.message, problem.text);
}

/** What a product's options are refused for: too many, blank, twice, too long. */
export function optionsRefusal(options: readonly OptionDraft[]): PlanRefusal | null {
  if (options.length > optionsMax) {
    return optionLimitExceeded({ requested: options.length, limit: optionsMax });
  }
  const names = new Set<string>();
  for (const [index, option] of options.entries()) {
    const field = `options.${index}`;
    if (option.name === '') {
      return invalidInput(`${field}.name`, 'An option needs a name.', option.name);
    }
    const long = [option.name, ...option.values].find((text) => text.length > optionLengthMax);
    if (long !== undefined) {
      const message = `Names and values of options have at most ${optionLengthMax} characters.`;
      return invalidInput(`${field}.values`, message, long);
    }
    if (names.has(option.name.toLowerCase())) {
      return invalidInput(`${field}.name`, `Two options are named ${option.name}.`, option.name);
    }
    names.add(option.name.toLowerCase());
    const refusal = optionValuesRefusal(field, option);
    if (refusal !== null) return refusal;
  }
  return null;
}

function optionValuesRefusal(field: string, option: OptionDraft): PlanRefusal | null {
  if (option.values.length === 0) {
    return invalidInput(`${field}.values`, `Option ${option.name} has no values.`);
  }
  const seen = new Set<string>();
  for (const value of option.values) {
    if (value === '') {
      return invalidInput(`${field}.values`, `Option ${option.name} has a blank value.`, value);
    }
    if (seen.has(value.toLowerCase())) {
      return invalidInput(
        `${field}.values`,
        `Option ${option.name} has the value ${value} twice.`,
        value,
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
    const plan = splitPlan(options, variantsMax);
    return variantLimitExceeded({ requested: total, limit: variantsMax }, plan);
  }
  return combinationsOf(options).map((optionValues) => ({ ...draft.defaults, optionValues }));
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
    barcode: variant.barcode ?? variant.stockCode ?? null,
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

/** What the caller is told of a description that came in with less than was given. */
export function htmlWarnings(message: string | null): ProductWarning[] {
  return message === null ? [] : [{ code: 'HTML_REMOVED', message }];
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
