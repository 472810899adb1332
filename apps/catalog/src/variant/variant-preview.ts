import type { Database, Tx } from '@onecount/db';
import {
  identifierOf,
  invalidInput,
  isGiven,
  isRefusal,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { VariantPreviewInput } from '../generated/resolver-types.ts';
import { unstorableText } from '../product/product.input.ts';
import { planProduct } from '../product/product.plan.ts';
import { optionsOfProducts, productById } from '../product/product.sql.ts';
import {
  combinationKey,
  type OptionDraft,
  type ProductPlan,
  type ProductWarning,
} from '../product/product.ts';
import { vendorsById } from '../vendor/vendor.sql.ts';
import { skuWishes, type SkuWish } from './sku-wish.ts';
import { allVariantsOf } from './variant.sql.ts';
import { skuProblem, variantDefaults, type VariantPlan } from './variant.ts';

export type PreviewedVariant = VariantPlan & SkuWish;
export type PreviewedVariants = {
  __typename: 'VariantPreview';
  rows: PreviewedVariant[];
  presentTotal: number;
  warnings: ProductWarning[];
};

type Basis = {
  title: string;
  vendor: string | null;
  styleNumber: string | null;
  options: OptionDraft[];
  present: ReadonlySet<string>;
};
// A name is asked for when the product is saved; a wizard shows its matrix before.
const titleUnknown = 'Item';

export async function previewVariants(
  db: Database,
  { tenantId, input }: { tenantId: string; input: VariantPreviewInput },
) {
  const refusal = unstorableText(input) ?? skusRefusal(input);
  if (refusal) return refusal;
  return db.read(tenantId, async (tx) => {
    const basis = await basisOf(tx, input);
    if (isRefusal(basis)) return basis;
    const plan = planOf(basis, input);
    return isRefusal(plan) ? plan : previewOf(tx, { basis, plan, input });
  });
}

async function basisOf(tx: Tx, input: VariantPreviewInput): Promise<Basis | NotFound> {
  const { productId, title, vendor, options } = input;
  if (!isGiven(productId)) {
    return {
      ...{ title: title?.trim() || titleUnknown, vendor: vendor ?? null },
      ...{ styleNumber: input.styleNumber ?? null, options: options ?? [], present: new Set() },
    };
  }
  const product = await productById(tx, productId);
  if (product === undefined) return notFound('Product', productId);
  const [known] = product.vendorId === null ? [] : await vendorsById(tx, [product.vendorId]);
  const rows = await allVariantsOf(tx, [product.id]);
  return {
    title: title?.trim() || product.title,
    vendor: vendor ?? known?.name ?? null,
    styleNumber: input.styleNumber ?? product.styleNumber,
    options: options ?? (await optionsOfProducts(tx, [product.id])),
    present: new Set(rows.map(({ optionValues }) => combinationKey(optionValues))),
  };
}

const planOf = ({ title, vendor, styleNumber, options }: Basis, input: VariantPreviewInput) =>
  planProduct({
    ...{ title, vendor: vendor ?? undefined, options, tags: [], media: [], statusDefault: 'DRAFT' },
    skuPattern: input.skuPattern ?? undefined,
    facts: { styleNumber },
    defaults: variantDefaults,
    variants: input.variants?.map(({ optionValues }) => ({ ...variantDefaults, optionValues })),
  });

async function previewOf(
  tx: Tx,
  { basis, plan, input }: { basis: Basis; plan: ProductPlan; input: VariantPreviewInput },
): Promise<PreviewedVariants> {
  const variants = plan.variants.map((variant, index) => {
    const sku = input.variants?.[index]?.sku;
    return { ...variant, sku: isGiven(sku) ? identifierOf(sku) : null };
  });
  const added = variants.filter(
    ({ optionValues }) => !basis.present.has(combinationKey(optionValues)),
  );
  const wishes = await skuWishes(tx, plan, added);
  return {
    __typename: 'VariantPreview',
    presentTotal: variants.length - added.length,
    // Prices come in a later step.
    warnings: plan.warnings.filter(({ code }) => code !== 'PRICE_MISSING'),
    rows: added.map((variant, index) => ({
      ...{ ...variant, ...wishes[index]!, position: basis.present.size + index + 1 },
    })),
  };
}

function skusRefusal({ variants }: VariantPreviewInput): InvalidInput | undefined {
  for (const [index, { sku }] of (variants ?? []).entries()) {
    const problem = isGiven(sku) ? skuProblem(sku) : null;
    if (problem !== null) {
      return invalidInput(`variants.${index}.sku`, `SKU "${sku}" ${problem}.`, sku);
    }
  }
  return undefined;
}
