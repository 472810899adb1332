import { isDeepStrictEqual } from 'node:util';
import { codeKey, foldedIdentifier, invalidInput, isSameIdentifier } from '@onecount/refusal';
import type { VariantRow } from '../variant/variant.entity.ts';
import type { VariantPlan } from '../variant/variant.ts';
import type { MediaRow, ProductOptionRow, ProductRow } from './product.entity.ts';
import { barcodeTaken, variantLimitExceeded } from './product.errors.ts';
import type { PlanRefusal, SaveRefusal } from './product.errors.ts';
import type { ProductColumns } from './product.rows.sql.ts';
import { mediaRows, moneyColumns, type FactColumns, type SupplierIds } from './product.rows.ts';
import { firstTaken, type TakenCodes } from './product.save.ts';
import { combinationKey, variantsMax, variantTitle, type ProductPlan } from './product.ts';

// What a plan changes of a product that is there. What the plan leaves blank stays; variants that it does not name
// stay; stock of variants that exist is never touched. SKU and option values identify a variant, so neither changes.

/** A product as it stands, locked. */
export type ProductState = {
  product: ProductRow;
  options: readonly ProductOptionRow[];
  media: readonly MediaRow[];
  variants: readonly VariantRow[];
};

/** A variant of a plan and the one that is there; none where it is new. */
export type Match = { plan: VariantPlan; fileRow: number | undefined; row: VariantRow | undefined };

export function matchVariants(
  plan: ProductPlan,
  rows: readonly VariantRow[],
  rowOfVariant: readonly number[],
): Match[] {
  const bySku = new Map(rows.map((row) => [foldedIdentifier(row.sku), row]));
  const byCombination = new Map(rows.map((row) => [combinationKey(row.optionValues), row]));
  return plan.variants.map((variant, index) => ({
    plan: variant,
    fileRow: rowOfVariant[index],
    row:
      bySku.get(foldedIdentifier(variant.sku ?? '')) ??
      byCombination.get(combinationKey(variant.optionValues)),
  }));
}

export const newOnes = (matches: readonly Match[]) =>
  matches.flatMap(({ plan, row }) => (row === undefined ? [plan] : []));

/** Refusals in this order: options, what SKUs stand for, the limit, codes of new variants, codes of those there. */
export function mergeRefusal(
  { options, variants }: ProductState,
  plan: ProductPlan,
  { matches, taken }: { matches: readonly Match[]; taken: TakenCodes },
): PlanRefusal | SaveRefusal | null {
  return (
    optionsRefusal(options, plan) ??
    identityRefusal(matches) ??
    limitRefusal(variants.length, matches) ??
    firstTaken(newOnes(matches), taken) ??
    takenBarcode(matches, taken)
  );
}

/** The axes must be the same; values may be new. */
export function optionsRefusal(
  existing: readonly { name: string }[],
  { options }: Pick<ProductPlan, 'options'>,
): PlanRefusal | null {
  const names = (list: readonly { name: string }[]) =>
    list.map(({ name }) => name.toLowerCase()).join('\n');
  if (names(existing) === names(options)) return null;
  const shown = existing.map(({ name }) => name).join(', ') || 'none';
  const message = `The product's options are ${shown}; an import does not change them.`;
  return invalidInput('options', message);
}

function identityRefusal(matches: readonly Match[]): PlanRefusal | null {
  for (const [index, { plan, row }] of matches.entries()) {
    if (row === undefined) continue;
    if (plan.sku !== null && !isNumbered(plan.sku, row.sku)) {
      const message = `Variant ${plan.title} has the SKU ${row.sku}; an import does not change it.`;
      return invalidInput(`variants.${index}.sku`, message, plan.sku);
    }
    if (combinationKey(plan.optionValues) !== combinationKey(row.optionValues)) {
      const message = `SKU ${row.sku} is the variant ${row.title}; an import does not change it.`;
      return invalidInput(`variants.${index}.optionValues`, message, plan.title);
    }
  }
  return null;
}

/** The SKU itself, or the one that an import made of it because another variant has it: RING-2 for RING. */
function isNumbered(given: string, own: string): boolean {
  if (isSameIdentifier(given, own)) return true;
  const [base, kept] = [foldedIdentifier(given), foldedIdentifier(own)];
  return kept.startsWith(`${base}-`) && /^[0-9]+$/.test(kept.slice(base.length + 1));
}

function limitRefusal(existing: number, matches: readonly Match[]): PlanRefusal | null {
  const requested = existing + newOnes(matches).length;
  return requested > variantsMax ? variantLimitExceeded({ requested, limit: variantsMax }) : null;
}

function takenBarcode(matches: readonly Match[], taken: TakenCodes): SaveRefusal | null {
  for (const { plan, row } of matches) {
    if (row === undefined || plan.barcode === null || isSameCode(plan.barcode, row.barcode)) {
      continue;
    }
    if (taken.hasBarcode(plan.barcode)) return barcodeTaken(plan.barcode);
  }
  return null;
}

export const isSameCode = (one: string, other: string | null): boolean =>
  other !== null && codeKey(one) === codeKey(other);

/** What has to be written; a product that is as the plan says has nothing. New variants are made by the caller. */
export type ProductMerge = {
  columns: ProductColumns;
  options: ProductOptionRow[];
  media: MediaRow[];
  /** Ids of all its pictures by address. */
  mediaIds: ReadonlyMap<string, string>;
  variants: VariantRow[];
  isChanged: boolean;
};

export function mergedProduct(
  state: ProductState,
  plan: ProductPlan,
  given: { columns: SupplierIds & FactColumns; matches: readonly Match[] },
): ProductMerge {
  const { product, options: present } = state;
  const columns = mergedColumns(product, plan, given.columns);
  const options = mergedOptions(present, plan);
  const { media, mediaIds } = mergedMedia(state, plan);
  const variants = given.matches.flatMap(({ plan: wanted, row }) => {
    const merged = row && mergedVariant(row, wanted, { title: plan.title, mediaIds });
    return merged === undefined || isDeepStrictEqual(merged, row) ? [] : merged;
  });
  const isChanged =
    !isDeepStrictEqual(columns, columnsOf(product)) ||
    options.length + media.length + variants.length + newOnes(given.matches).length > 0;
  return { columns, options, media, mediaIds, variants, isChanged };
}

const columnsOf = (product: ProductRow): ProductColumns => ({
  id: product.id,
  title: product.title,
  descriptionHtml: product.descriptionHtml,
  vendorId: product.vendorId,
  categoryId: product.categoryId,
  productType: product.productType,
  tags: product.tags,
  status: product.status,
  isUnlisted: product.isUnlisted,
  productGroupId: product.productGroupId,
  seoTitle: product.seoTitle,
  seoDescription: product.seoDescription,
  styleNumber: product.styleNumber,
  metadata: product.metadata,
});

function mergedColumns(
  product: ProductRow,
  plan: ProductPlan,
  { vendorId, categoryId, ...facts }: SupplierIds & FactColumns,
): ProductColumns {
  return {
    ...columnsOf(product),
    title: plan.title,
    descriptionHtml: plan.descriptionHtml === '' ? product.descriptionHtml : plan.descriptionHtml,
    vendorId: vendorId ?? product.vendorId,
    categoryId: categoryId ?? product.categoryId,
    productType: plan.productType ?? product.productType,
    tags: plan.tags.length === 0 ? product.tags : plan.tags,
    status: plan.isStatusGiven ? plan.status : product.status,
    isUnlisted: plan.isUnlisted ?? product.isUnlisted,
    ...facts,
  };
}

/** The options that get new values, with all of their values. */
export function mergedOptions(
  existing: readonly ProductOptionRow[],
  { options }: Pick<ProductPlan, 'options'>,
): ProductOptionRow[] {
  return existing.flatMap((option, index) => {
    const known = new Set(option.values.map((value) => value.toLowerCase()));
    const added = options[index]?.values.filter((value) => !known.has(value.toLowerCase())) ?? [];
    return added.length === 0 ? [] : { ...option, values: [...option.values, ...added] };
  });
}

/** The pictures that are new, behind those that are there. */
export function mergedMedia(
  { product, media: existing }: Pick<ProductState, 'media'> & { product: Place },
  plan: Pick<ProductPlan, 'media'>,
): { media: MediaRow[]; mediaIds: Map<string, string> } {
  const mediaIds = new Map(existing.map(({ url, id }) => [url, id]));
  const added = plan.media.filter(({ url }) => !mediaIds.has(url));
  const place = { tenantId: product.tenantId, productId: product.id };
  const media = mediaRows(place, { media: added, after: existing.at(-1)?.position ?? 0 });
  for (const { url, id } of media) mediaIds.set(url, id);
  return { media, mediaIds };
}

type Place = Pick<ProductRow, 'tenantId' | 'id'>;

const mergedVariant = (
  row: VariantRow,
  plan: VariantPlan,
  of: { title: string; mediaIds: ReadonlyMap<string, string> },
): VariantRow => ({
  ...row,
  title: variantTitle(of.title, row.optionValues),
  barcode: plan.barcode ?? row.barcode,
  ...mergedMoney(plan, row),
  isTaxable: plan.isTaxable,
  taxCode: plan.taxCode ?? row.taxCode,
  requiresShipping: plan.requiresShipping,
  weightGrams: plan.weightGrams ?? row.weightGrams,
  weightUnit: plan.weightUnit ?? row.weightUnit,
  mediaId: of.mediaIds.get(plan.mediaUrl ?? '') ?? row.mediaId,
});

// An amount that stays must not find itself in another currency: with a new one, blanks become none.
function mergedMoney(plan: VariantPlan, row: VariantRow) {
  const given = moneyColumns(plan);
  const { currencyCode } = given;
  if (currencyCode !== null && currencyCode !== row.currencyCode) return given;
  return {
    currencyCode: row.currencyCode,
    priceMinor: given.priceMinor ?? row.priceMinor,
    compareAtPriceMinor: given.compareAtPriceMinor ?? row.compareAtPriceMinor,
    costMinor: given.costMinor ?? row.costMinor,
  };
}
