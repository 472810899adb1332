import { decimalOf } from '@onecount/money';
import type { MediaRow, ProductOptionRow, ProductRow } from '../product/product.entity.ts';
import type { JsonProduct } from '../product-import/jsonl-rows.ts';
import { codesOf } from '../variant/barcode.ts';
import type { VariantRow } from '../variant/variant.entity.ts';

export type ExportedProduct = {
  product: ProductRow;
  vendor: string | null;
  category: string | null;
  productGroup: string | null;
  options: readonly ProductOptionRow[];
  media: readonly MediaRow[];
  variants: readonly VariantRow[];
};

/** Everything that is known of a product, as a line of JSON says it. */
export function jsonProductOf(exported: ExportedProduct): JsonProduct {
  const { product, options, media } = exported;
  const urlById = new Map(media.map(({ id, url }) => [id, url]));
  return {
    handle: product.handle,
    title: product.title,
    descriptionHtml: product.descriptionHtml,
    vendor: exported.vendor,
    category: exported.category,
    productType: product.productType,
    tags: product.tags,
    status: product.status,
    isUnlisted: product.isUnlisted,
    seoTitle: product.seoTitle,
    seoDescription: product.seoDescription,
    styleNumber: product.styleNumber,
    productGroup: exported.productGroup,
    metadata: product.metadata,
    media: media.map(({ url, alt }) => ({ url, alt })),
    variants: exported.variants.map((variant) => variantOf(variant, { options, urlById })),
  };
}

function variantOf(
  variant: VariantRow,
  { options, urlById }: Pick<ExportedProduct, 'options'> & { urlById: ReadonlyMap<string, string> },
): JsonProduct['variants'][number] {
  const { currencyCode } = variant;
  const amount = (amountMinor: number | null) =>
    amountMinor === null || currencyCode === null ? null : decimalOf({ amountMinor, currencyCode });
  return {
    sku: variant.sku,
    ...codesOf(variant.barcode),
    options: options.map(({ name }, index) => ({ name, value: variant.optionValues[index] ?? '' })),
    price: amount(variant.priceMinor),
    compareAtPrice: amount(variant.compareAtPriceMinor),
    cost: amount(variant.costMinor),
    currency: currencyCode,
    tracking: variant.tracking,
    isActive: variant.isActive,
    isTaxable: variant.isTaxable,
    taxCode: variant.taxCode,
    requiresShipping: variant.requiresShipping,
    weightGrams: variant.weightGrams,
    weightUnit: variant.weightUnit,
    imageUrl: variant.mediaId === null ? null : (urlById.get(variant.mediaId) ?? null),
  };
}
