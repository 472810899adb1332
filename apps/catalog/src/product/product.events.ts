import { exactlyOne, type Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { newEvent, type DomainEvent, type EventData } from '@onecount/events';
import { categoriesById } from '../category/category.sql.ts';
import { codesOf } from '../variant/barcode.ts';
import { sellingPrice } from '../variant/selling-price.ts';
import { allVariantsOf, removedVariantIds, type VariantView } from '../variant/variant.sql.ts';
import { indexProducts } from '../search/search.sql.ts';
import { vendorsById } from '../vendor/vendor.sql.ts';
import { formerHandlesOf } from './product-handle.sql.ts';
import type { ProductRow } from './product.entity.ts';
import { variantFullTitle } from './product.ts';
import {
  bumpProductVersion,
  mediaOfProducts,
  optionsOfProducts,
  productsById,
} from './product.sql.ts';

type ProductChanged = EventData<'catalog.product-changed'>;

/**
 * The product's full state as it stands in this transaction. Read back and not assembled from the
 * request, so that every way of changing a product publishes the same.
 */
export async function productChanged(
  tx: Tx,
  productId: string,
): Promise<DomainEvent<'catalog.product-changed'>> {
  // Whoever publishes a change has changed what the product is found by.
  await indexProducts(tx, [productId]);
  const product = exactlyOne(await productsById(tx, false, [productId]));
  const variants = await allVariantsOf(tx, [productId]);
  const removed = await removedVariantIds(tx, productId);
  const options = await optionsOfProducts(tx, [productId]);
  const formerHandles = (await formerHandlesOf(tx, [productId])).map(({ handle }) => handle);
  const media = await mediaOfProducts(tx, [productId]);
  return newEvent('catalog.product-changed', {
    tenantId: tx.tenantId,
    aggregateId: productId,
    sequence: product.version,
    data: {
      productId,
      version: product.version,
      handle: product.handle,
      title: product.title,
      status: product.status,
      isUnlisted: product.isUnlisted,
      isListedOnWebsite: product.isListedOnWebsite,
      ...(await namesOf(tx, product)),
      ...factsData(product),
      ...(formerHandles.length === 0 ? {} : { formerHandles }),
      ...present({ deletedAt: product.deletedAt?.toISOString() ?? null }),
      tags: product.tags,
      options: options.map(({ name, values }) => ({ name, values })),
      media: media.map(({ url, alt, position }) => ({ url, position, ...present({ alt }) })),
      variants: variants.map((variant) => variantData(product.title, variant)),
      ...(removed.length === 0 ? {} : { removedVariantIds: removed }),
    },
  });
}

/** What every change of a product that exists ends with: its next version, and the event that says so. */
export async function publishChange(tx: Tx, productId: string): Promise<void> {
  await bumpProductVersion(tx, productId);
  await appendEvents(tx, [await productChanged(tx, productId)]);
}

async function namesOf(tx: Tx, product: ProductRow) {
  const [vendor] = product.vendorId === null ? [] : await vendorsById(tx, [product.vendorId]);
  const [category] =
    product.categoryId === null ? [] : await categoriesById(tx, [product.categoryId]);
  return present({
    vendor: vendor?.name ?? null,
    category: category?.name ?? null,
    categoryPath: category?.path ?? null,
    productType: product.productType,
  });
}

function factsData({ metadata, productGroupId, ...product }: ProductRow) {
  const { seoTitle, seoDescription, styleNumber } = product;
  const facts = present({ productGroupId, seoTitle, seoDescription, styleNumber });
  return metadata.length === 0 ? facts : { ...facts, metadata };
}

function variantData(
  productTitle: string,
  variant: VariantView,
): ProductChanged['variants'][number] {
  const { currencyCode } = variant;
  const selling = sellingPrice(variant);
  const money = (amountMinor: number | null) =>
    amountMinor === null || currencyCode === null ? null : { amountMinor, currencyCode };
  return {
    variantId: variant.id,
    sku: variant.sku,
    title: variant.title,
    fullTitle: variantFullTitle(productTitle, variant.optionValues),
    position: variant.position,
    optionValues: variant.optionValues,
    tracking: variant.tracking,
    isActive: variant.isActive,
    isTaxable: variant.isTaxable,
    requiresShipping: variant.requiresShipping,
    ...present({
      ...codesOf(variant.barcode),
      price: money(selling.priceMinor),
      compareAtPrice: money(selling.compareAtPriceMinor),
      cost: money(variant.costMinor),
      weightGrams: variant.weightGrams,
      weightUnit: variant.weightUnit === 'GRAM' ? null : variant.weightUnit,
      taxCode: variant.taxCode,
    }),
  };
}

/** Without the members that are null: an event leaves out what is not there. */
function present<T extends Record<string, unknown>>(members: T) {
  const entries = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}
