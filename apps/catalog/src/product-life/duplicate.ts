import type { Tx } from '@onecount/db';
import { invalidInput, type InvalidInput } from '@onecount/refusal';
import { categoriesById } from '../category/category.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { mediaOfProducts, optionsOfProducts } from '../product/product.sql.ts';
import type { ProductDraft } from '../product/product.ts';
import type { OpeningStockDraft, VariantDraft } from '../variant/variant.ts';
import { allVariantsOf, type VariantView } from '../variant/variant.sql.ts';
import { vendorsById } from '../vendor/vendor.sql.ts';

/** A draft like the product: SKUs are made anew, barcodes belong to the old one, what there is of it is its own. */
export async function draftLike(
  tx: Tx,
  product: ProductRow,
  own: { title: string | undefined; openingStock: OpeningStockDraft[] },
): Promise<ProductDraft | InvalidInput> {
  const variants = await allVariantsOf(tx, [product.id]);
  if (own.openingStock.length > 0 && variants.length > 1) {
    const message = `Opening stock is of one variant; the product has ${variants.length}.`;
    return invalidInput('openingStock', message, variants.length);
  }
  const media = await mediaOfProducts(tx, [product.id]);
  const urlOf = new Map(media.map(({ id, url }) => [id, url]));
  const options = await optionsOfProducts(tx, [product.id]);
  return {
    ...(await basicsOf(tx, product)),
    title: own.title ?? product.title,
    options: options.map(({ name, values }) => ({ name, values })),
    media: media.map(({ url, alt }) => ({ url, ...(alt === null ? {} : { alt }) })),
    variants: variants.map((variant) => ({
      ...variantLike(variant, urlOf),
      openingStock: own.openingStock,
    })),
    defaults: {
      ...{ tracking: 'QUANTITY', isActive: true, isTaxable: true, requiresShipping: true },
      openingStock: [],
    },
  };
}

async function basicsOf(tx: Tx, product: ProductRow) {
  const { vendorId, categoryId, productType } = product;
  const [vendor] = vendorId === null ? [] : await vendorsById(tx, [vendorId]);
  const [category] = categoryId === null ? [] : await categoriesById(tx, [categoryId]);
  return {
    descriptionHtml: product.descriptionHtml,
    ...(vendor === undefined ? {} : { vendor: vendor.name }),
    ...(category === undefined ? {} : { category: category.path }),
    ...(productType === null ? {} : { productType }),
    tags: product.tags,
    statusDefault: 'DRAFT' as const,
    isUnlisted: product.isUnlisted,
    // A title for search engines is of one page.
    facts: { styleNumber: product.styleNumber, metadata: product.metadata },
  };
}

function variantLike(
  variant: VariantView,
  urlOf: ReadonlyMap<string, string>,
): Omit<VariantDraft, 'openingStock'> {
  const { currencyCode, priceMinor, compareAtPriceMinor, costMinor, weightGrams, taxCode } =
    variant;
  const mediaUrl = urlOf.get(variant.mediaId ?? '');
  return {
    optionValues: variant.optionValues,
    tracking: variant.tracking,
    isActive: variant.isActive,
    isTaxable: variant.isTaxable,
    requiresShipping: variant.requiresShipping,
    weightUnit: variant.weightUnit,
    ...(taxCode === null ? {} : { taxCode }),
    ...(currencyCode === null ? {} : { currencyCode }),
    ...(priceMinor === null ? {} : { priceMinor }),
    ...(compareAtPriceMinor === null ? {} : { compareAtPriceMinor }),
    ...(costMinor === null ? {} : { costMinor }),
    ...(weightGrams === null ? {} : { weightGrams }),
    ...(mediaUrl === undefined ? {} : { mediaUrl }),
  };
}
