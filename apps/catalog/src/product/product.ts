import type { ProductFacts } from './product.facts.ts';
import type { VariantDraft, VariantPlan } from '../variant/variant.ts';

export type ProductStatus = 'DRAFT' | 'ACTIVE' | 'ARCHIVED';

export type OptionDraft = { name: string; values: string[] };

export type MediaDraft = { url: string; alt?: string };

/** A product as a caller or a file describes it: nothing checked, nothing derived yet. */
export type ProductDraft = {
  title: string;
  handle?: string;
  descriptionHtml?: string;
  vendor?: string;
  category?: string;
  productType?: string;
  tags: string[];
  /** Left out: `statusDefault` for a new product, unchanged for one that exists. */
  status?: ProductStatus;
  statusDefault: ProductStatus;
  /** On sale, but in no public list. Left out: listed, and unchanged for a product that exists. */
  isUnlisted?: boolean;
  /** What is left out is none for a new product, and unchanged for one that exists. */
  facts?: ProductFacts;
  options: OptionDraft[];
  media: MediaDraft[];
  /** Left out: one variant for each combination of the option values, made from `defaults`. */
  variants?: VariantDraft[];
  defaults: Omit<VariantDraft, 'optionValues' | 'sku' | 'barcode'>;
  skuPattern?: string;
};

/** A checked product with derived titles; SKUs and the handle may still have to be generated. */
export type ProductPlan = {
  title: string;
  handle: string;
  isHandleGenerated: boolean;
  descriptionHtml: string;
  vendor: string | null;
  category: string | null;
  productType: string | null;
  tags: string[];
  status: ProductStatus;
  isStatusGiven: boolean;
  isUnlisted: boolean | undefined;
  facts: ProductFacts;
  options: OptionDraft[];
  media: MediaDraft[];
  variants: VariantPlan[];
  warnings: ProductWarning[];
  skuPattern: string | undefined;
};

export type ProductWarning = { code: string; message: string };

export const titleLengthMax = 255;
export const optionsMax = 3;
// Three of them stand in one index entry, which PostgreSQL limits to 2,704 bytes.
export const optionLengthMax = 200;
/** The limit of the largest storefront until 2024; some channels still refuse more. */
export const variantsWarnAbove = 100;
export const variantsMax = 2048;

/** A URL slug in lower case; letters of any script stay. '' when nothing is left. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’`]/gu, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 200)
    .replace(/-+$/u, '');
}

/** First of base, base-2, base-3, … that is not taken. */
export function firstFree(base: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(base)) return base;
  let number = 2;
  while (isTaken(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/** "Red / S"; a product without options has one variant that bears the product's own title. */
export function variantTitle(productTitle: string, optionValues: readonly string[]): string {
  return optionValues.length === 0 ? productTitle : optionValues.join(' / ');
}

/** "Galaxy V-Neck - Red / S". */
export function variantFullTitle(productTitle: string, optionValues: readonly string[]): string {
  return optionValues.length === 0 ? productTitle : `${productTitle} - ${optionValues.join(' / ')}`;
}

/** How many combinations the options have, without making them. */
export function combinationsTotal(options: readonly OptionDraft[]): number {
  return options.reduce((total, option) => total * option.values.length, 1);
}

/** Every combination, the last option varying fastest: Red/S, Red/M, Blue/S, Blue/M. */
export function combinationsOf(options: readonly OptionDraft[]): string[][] {
  return options.reduce<string[][]>(
    (combinations, option) =>
      combinations.flatMap((head) => option.values.map((value) => [...head, value])),
    [[]],
  );
}

/** Two spellings of one combination are one combination: "Red / S" is "red / s". */
export function combinationKey(optionValues: readonly string[]): string {
  return JSON.stringify(optionValues.map((value) => value.toLowerCase()));
}
