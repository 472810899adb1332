import { exactlyOne, type Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { newEvent, type DomainEvent, type EventData } from '@onecount/events';
import { categoriesById } from '../category/category.sql.ts';
import { codesOf } from '../variant/barcode.ts';
import { sellingPrice } from '../variant/selling-price.ts';
import { allVariantsOf, removedVariants, type VariantView } from '../variant/variant.sql.ts';
import { indexProducts } from '../search/search.sql.ts';
import { vendorsById } from '../vendor/vendor.sql.ts';
import { formerHandlesOf } from './product-handle.sql.ts';
import type { ProductRow } from './product.entity.ts';
import { variantFullTitle } from './product.ts';
import {
  bumpProductVersions,
  mediaOfProducts,
  optionsOfProducts,
  productsById,
} from './product.sql.ts';

type ProductChanged = EventData<'catalog.product-changed'>;

/**
 * The full state of products as it stands in this transaction, in the order of the ids. Read back and not assembled
 * from the request, so that every way of changing a product publishes the same.
 */
async function productsChanged(
  tx: Tx,
  productIds: readonly string[],
): Promise<DomainEvent<'catalog.product-changed'>[]> {
  // Whoever publishes a change has changed what the product is found by.
  await indexProducts(tx, productIds);
  const products = Map.groupBy(await productsById(tx, false, productIds), ({ id }) => id);
  const ofProduct = await partsOf(tx, productIds);
  const namesOf = await namesBy(
    tx,
    [...products.values()].map(([product]) => product!),
  );
  return productIds.map((productId) => {
    const product = exactlyOne(products.get(productId) ?? []);
    const { variants, removed, options, media, formerHandles } = ofProduct(productId);
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
        ...namesOf(product),
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
  });
}

/** What every change of products that exist ends with: their next versions, and the events that say so. */
export async function publishChanges(tx: Tx, productIds: readonly string[]): Promise<void> {
  if (productIds.length === 0) return;
  await bumpProductVersions(tx, productIds);
  await publishProducts(tx, productIds);
}

export const publishChange = (tx: Tx, productId: string) => publishChanges(tx, [productId]);

/** Their newest state, in this order, under the versions that they have: whoever knows one skips it. */
export async function publishProducts(tx: Tx, productIds: readonly string[]): Promise<void> {
  await appendEvents(tx, await productsChanged(tx, productIds));
}

/** What belongs to each of the products, read for all at once. */
async function partsOf(tx: Tx, productIds: readonly string[]) {
  const productOf = (row: { productId: string }) => row.productId;
  const variants = Map.groupBy(await allVariantsOf(tx, productIds), productOf);
  const removed = Map.groupBy(await removedVariants(tx, productIds), productOf);
  const options = Map.groupBy(await optionsOfProducts(tx, productIds), productOf);
  const media = Map.groupBy(await mediaOfProducts(tx, productIds), productOf);
  const former = Map.groupBy(await formerHandlesOf(tx, productIds), productOf);
  return (id: string) => ({
    variants: variants.get(id) ?? [],
    removed: (removed.get(id) ?? []).map((variant) => variant.id),
    options: options.get(id) ?? [],
    media: media.get(id) ?? [],
    formerHandles: (former.get(id) ?? []).map(({ handle }) => handle),
  });
}

async function namesBy(tx: Tx, products: readonly ProductRow[]) {
  const idsOf = (key: 'vendorId' | 'categoryId') => [
    ...new Set(products.flatMap((product) => product[key] ?? [])),
  ];
  const [vendorIds, categoryIds] = [idsOf('vendorId'), idsOf('categoryId')];
  const foundVendors = vendorIds.length === 0 ? [] : await vendorsById(tx, vendorIds);
  const foundCategories = categoryIds.length === 0 ? [] : await categoriesById(tx, categoryIds);
  const vendors = new Map(foundVendors.map((vendor) => [vendor.id, vendor]));
  const categories = new Map(foundCategories.map((category) => [category.id, category]));
  return ({ vendorId, categoryId, productType }: ProductRow) => {
    const category = categories.get(categoryId ?? '');
    return present({
      vendor: vendors.get(vendorId ?? '')?.name ?? null,
      category: category?.name ?? null,
      categoryPath: category?.path ?? null,
      productType,
    });
  };
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
