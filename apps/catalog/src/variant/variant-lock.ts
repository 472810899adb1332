import type { Tx } from '@onecount/db';
import { isRefusal, isUuid, notFound, type NotFound } from '@onecount/refusal';
import type { ProductRow } from '../product/product.entity.ts';
import type { VersionConflict } from '../product/product.errors.ts';
import { lockAt } from '../product/product.lock.ts';
import { productOfVariant } from './variant-tracking.sql.ts';

/** The product of a variant, locked, at the version that the caller saw. What is read behind it stays so. */
export async function lockProductOfVariant(
  tx: Tx,
  { id, productVersion }: { id: string; productVersion: number },
): Promise<ProductRow | NotFound | VersionConflict> {
  const productId = isUuid(id) ? await productOfVariant(tx, id) : undefined;
  if (productId === undefined) return notFound('Variant', id);
  const product = await lockAt(tx, productId, productVersion);
  const isGone = isRefusal(product) && product.__typename === 'NotFound';
  return isGone ? notFound('Variant', id) : product;
}
