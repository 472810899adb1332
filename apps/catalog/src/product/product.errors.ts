import { refuse, type InvalidInput } from '@onecount/refusal';
import type { ProductRow } from './product.entity.ts';
import type { SplitPlan } from './split-plan.ts';

// The expected refusals of products; each is a member of a mutation's result union.

export function skuTaken(sku: string) {
  return refuse('SkuTaken', 'SKU_TAKEN', `SKU ${sku} belongs to another variant.`, { sku });
}

export function barcodeTaken(barcode: string) {
  return refuse('BarcodeTaken', 'BARCODE_TAKEN', `Barcode ${barcode} belongs to another variant.`, {
    barcode,
  });
}

export function handleTaken(handle: string) {
  return refuse('HandleTaken', 'HANDLE_TAKEN', `Handle ${handle} belongs to another product.`, {
    handle,
  });
}

export function optionLimitExceeded(data: { requested: number; limit: number }) {
  const message = `A product has at most ${data.limit} options, not ${data.requested}. Split it into sibling products.`;
  return refuse('OptionLimitExceeded', 'OPTION_LIMIT_EXCEEDED', message, data);
}

/** Somebody else changed the product after the caller had read it. */
export function versionConflict(versionGiven: number, product: ProductRow) {
  const message = `The product is at version ${product.version}, not ${versionGiven}: somebody has changed it since.`;
  return refuse('VersionConflict', 'VERSION_CONFLICT', message, { versionGiven, product });
}
export type VersionConflict = ReturnType<typeof versionConflict>;

/** A deleted product whose variants belong to another one; `product` is that. */
export function productMerged(product: ProductRow) {
  const message = `The product has become part of ${product.title}: split that instead.`;
  return refuse('ProductMerged', 'PRODUCT_MERGED', message, { product });
}

const graphqlIntMax = 2_147_483_647;

export function variantLimitExceeded(
  { requested, limit }: { requested: number; limit: number },
  splitPlan: SplitPlan | null = null,
) {
  const message = `A product has at most ${limit} variants, not ${requested}. Split it into sibling products, for example one for each value of an option.`;
  const data = { requested: Math.min(requested, graphqlIntMax), limit, splitPlan };
  return refuse('VariantLimitExceeded', 'VARIANT_LIMIT_EXCEEDED', message, data);
}

export type PlanRefusal =
  InvalidInput | ReturnType<typeof optionLimitExceeded> | ReturnType<typeof variantLimitExceeded>;

export type SaveRefusal =
  ReturnType<typeof skuTaken> | ReturnType<typeof barcodeTaken> | ReturnType<typeof handleTaken>;
