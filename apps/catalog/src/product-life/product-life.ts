import { exactlyOne, type EntityTx, type Tx } from '@onecount/db';
import { invalidInput, isRefusal, isUuid, notFound, refuse } from '@onecount/refusal';
import type { ProductPublishInput, VariantsReorderInput } from '../generated/resolver-types.ts';
import { noteChange } from '../product-history/product-history.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { productMerged, versionConflict } from '../product/product.errors.ts';
import { publishChange } from '../product/product.events.ts';
import { formerHandlesBeginning, takeHandle } from '../product/product-handle.sql.ts';
import { lockAt } from '../product/product.lock.ts';
import {
  handlesBeginning,
  lockHandle,
  mediaOfProducts,
  productsById,
} from '../product/product.sql.ts';
import { firstFree } from '../product/product.ts';
import { variantsInUse, type UsesById } from '../variant/variant-uses.ts';
import { allVariantsOf } from '../variant/variant.sql.ts';
import {
  lockDeletedProduct,
  markDeleted,
  openStockOf,
  outOfStockOf,
  setPositions,
  setPublished,
  unmarkDeleted,
} from './product-life.sql.ts';
import { reviewOf, type Review } from './review.ts';

// What happens in the life of a product as a whole, inside its transaction. Each answers the product's id.

async function changed(tx: EntityTx, productId: string): Promise<string> {
  await publishChange(tx, productId);
  return productId;
}

export async function readReview(tx: Tx, product: ProductRow): Promise<Review> {
  const variants = await allVariantsOf(tx, [product.id]);
  const { length: mediaTotal } = await mediaOfProducts(tx, [product.id]);
  const stock = {
    ...(await openStockOf(tx, product.id)),
    outOfStockIds: await outOfStockOf(tx, product.id),
  };
  return reviewOf({ product, variants, mediaTotal, stock });
}

function notReady(review: Review) {
  const errors = review.items.filter(({ severity }) => severity === 'ERROR');
  const message = errors.map((error) => error.message).join(' ');
  return refuse('ProductNotReady', 'PRODUCT_NOT_READY', message, { review });
}

/** Refusals in this order: unknown, version, status, what its review has as an error. */
export async function publishProduct(tx: EntityTx, input: ProductPublishInput) {
  const { id, version, status } = input;
  const product = await lockAt(tx, id, version);
  if (isRefusal(product)) return product;
  if (status === 'ARCHIVED') {
    return invalidInput('status', 'A product is published ACTIVE or kept as DRAFT.', status);
  }
  const isListedOnWebsite = input.isListedOnWebsite ?? product.isListedOnWebsite;
  const review = await readReview(tx, { ...product, status, isListedOnWebsite });
  if (status === 'ACTIVE' && !review.isReady) return notReady(review);
  if (status === product.status && isListedOnWebsite === product.isListedOnWebsite) return id;
  await setPublished(tx, id, { status, isListedOnWebsite });
  return changed(tx, id);
}

/** `uses` is what inventory said of its variants before. */
export async function deleteProduct(
  tx: EntityTx,
  { id, version }: { id: string; version: number },
  uses: PromiseSettledResult<UsesById>,
) {
  const product = await lockAt(tx, id, version);
  if (isRefusal(product)) return product;
  if (uses.status === 'rejected') throw uses.reason;
  const variants = await allVariantsOf(tx, [id]);
  // Made after inventory was asked: the caller cannot have seen it.
  if (variants.some((variant) => !uses.value.has(variant.id)))
    return versionConflict(version, product);
  const inUse = variantsInUse(variants, uses.value);
  if (inUse !== null) return inUse;
  await markDeleted(tx, id);
  return changed(tx, id);
}

/** One that has become part of another product has no variants to stand again with. */
export async function restoreProduct(tx: EntityTx, id: string) {
  const product = isUuid(id) ? await lockDeletedProduct(tx, id) : undefined;
  if (product === undefined) return notFound('Product', id);
  if (product.mergedIntoId !== null) {
    return productMerged(exactlyOne(await productsById(tx, false, [product.mergedIntoId])));
  }
  await lockHandle(tx, product.handle);
  const taken = await handlesBeginning(tx, product.handle);
  // Its own handle before an address that another product has left; a numbered one leaves those alone.
  const left = await formerHandlesBeginning(tx, product.handle);
  const others = new Set([...taken, ...left.filter((handle) => handle !== product.handle)]);
  const handle = firstFree(product.handle, (candidate) => others.has(candidate));
  await takeHandle(tx, handle);
  await unmarkDeleted(tx, id, handle);
  return changed(tx, id);
}

export async function reorderVariants(
  tx: EntityTx,
  { productId, productVersion, variantIds }: VariantsReorderInput,
) {
  const product = await lockAt(tx, productId, productVersion);
  if (isRefusal(product)) return product;
  const before = (await allVariantsOf(tx, [productId])).map(({ id }) => id);
  const known = new Set(before);
  const strange = variantIds.find((id) => !known.has(id));
  if (strange !== undefined) return notFound('Variant', strange);
  const wanted = new Set(variantIds);
  if (wanted.size < variantIds.length) {
    return invalidInput('variantIds', 'A variant is named twice.');
  }
  const after = [...variantIds, ...before.filter((id) => !wanted.has(id))];
  await setPositions(tx, productId, after);
  await noteChange(tx, { productId, field: 'variantOrder', before, after });
  return changed(tx, productId);
}
