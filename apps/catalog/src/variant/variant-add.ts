import type { EntityTx } from '@onecount/db';
import { invalidInput, isRefusal, type NotFound } from '@onecount/refusal';
import type { ProductRow } from '../product/product.entity.ts';
import {
  variantLimitExceeded,
  type PlanRefusal,
  type VersionConflict,
} from '../product/product.errors.ts';
import { publishChange } from '../product/product.events.ts';
import { lockAt } from '../product/product.lock.ts';
import { picturesRefusal } from '../media/media-limit.ts';
import { addVariants, mergeMedia, mergeOptions } from '../product/product.overwrite.ts';
import { planProduct } from '../product/product.plan.ts';
import { takenVariant } from '../product/product.save.ts';
import { optionsOfProducts } from '../product/product.sql.ts';
import {
  combinationKey,
  variantsMax,
  variantsWarnAbove,
  type OptionDraft,
  type ProductPlan,
  type ProductWarning,
} from '../product/product.ts';
import { vendorsById } from '../vendor/vendor.sql.ts';
import type { VariantRow } from './variant.entity.ts';
import { allVariantsOf } from './variant.sql.ts';
import type { VariantDraft } from './variant.ts';

export type AddedVariants = {
  productId: string;
  stockCommandId: string;
  warnings: ProductWarning[];
};
type Taken = NonNullable<Awaited<ReturnType<typeof takenVariant>>>;
type AddRefusal = NotFound | VersionConflict | PlanRefusal | Taken;
type Wanted = {
  productId: string;
  productVersion: number;
  drafts: readonly VariantDraft[];
  skuPattern: string | undefined;
};

/**
 * Adds variants to a product, behind those that it has; option values that are new join their option. Refusals in
 * this order: unknown, version, what planProduct refuses, a combination that is there, the limit, SKU, barcode, pictures.
 */
export async function insertVariants(
  tx: EntityTx,
  wanted: Wanted,
): Promise<AddedVariants | AddRefusal> {
  const { productId, productVersion } = wanted;
  const product = await lockAt(tx, productId, productVersion);
  if (isRefusal(product)) return product;
  const plan = await planOf(tx, product, wanted);
  if (isRefusal(plan)) return plan;
  const rows = await allVariantsOf(tx, [productId]);
  const refusal =
    presentRefusal(plan, rows) ??
    (await takenVariant(tx, plan.variants)) ??
    (await picturesRefusal(tx, productId, {
      ...{ urls: plan.media.map(({ url }) => url), field: 'variants' },
    })) ??
    (await mergeOptions(tx, productId, plan));
  if (refusal !== null) return refusal;
  const media = await mergeMedia(tx, productId, plan);
  const matches = plan.variants.map((variant) => ({
    ...{ plan: variant, fileRow: undefined, row: undefined },
  }));
  const stockCommandId = await addVariants(tx, { product, plan, rows, matches, media });
  if (stockCommandId === null) throw new Error('variants were added without their stock command');
  await publishChange(tx, productId);
  return { productId, stockCommandId, warnings: warningsOf(plan, rows.length) };
}

async function planOf(
  tx: EntityTx,
  product: ProductRow,
  { drafts, skuPattern }: Wanted,
): Promise<ProductPlan | PlanRefusal> {
  const options = await optionsOfProducts(tx, [product.id]);
  const [vendor] = product.vendorId === null ? [] : await vendorsById(tx, [product.vendorId]);
  return planProduct({
    ...{ title: product.title, vendor: vendor?.name, statusDefault: product.status, skuPattern },
    ...{ tags: [], media: [], variants: [...drafts] },
    facts: { styleNumber: product.styleNumber },
    options: options.map((option, index) => withNewValues(option, index, drafts)),
    defaults: {
      ...{ tracking: 'QUANTITY', isActive: true, isTaxable: true, requiresShipping: true },
      openingStock: [],
    },
  });
}

/** The option with the values that only the new variants have, in their order. */
function withNewValues(
  { name, values }: OptionDraft,
  index: number,
  drafts: readonly VariantDraft[],
): OptionDraft {
  const byKey = new Map(values.map((value) => [value.toLowerCase(), value]));
  for (const { optionValues } of drafts) {
    const value = optionValues[index]?.trim() ?? '';
    if (value !== '' && !byKey.has(value.toLowerCase())) byKey.set(value.toLowerCase(), value);
  }
  return { name, values: [...byKey.values()] };
}

function presentRefusal(plan: ProductPlan, rows: readonly VariantRow[]): PlanRefusal | null {
  const present = new Set(rows.map(({ optionValues }) => combinationKey(optionValues)));
  for (const [index, { optionValues, title }] of plan.variants.entries()) {
    if (!present.has(combinationKey(optionValues))) continue;
    const message = `The product has the variant ${title} already.`;
    return invalidInput(`variants.${index}.optionValues`, message, title);
  }
  const requested = rows.length + plan.variants.length;
  return requested > variantsMax ? variantLimitExceeded({ requested, limit: variantsMax }) : null;
}

// The plan knows the new variants alone; how many there are is said of all.
function warningsOf(plan: ProductPlan, before: number): ProductWarning[] {
  const own = plan.warnings.filter(({ code }) => code !== 'MANY_VARIANTS');
  const total = before + plan.variants.length;
  if (total <= variantsWarnAbove) return own;
  const message = `${total} variants; some storefronts take at most ${variantsWarnAbove} per product.`;
  return [{ code: 'MANY_VARIANTS', message }, ...own];
}
