import type { Tx } from '@onecount/db';
import { notFound, type NotFound } from '@onecount/refusal';
import type { ProductRow } from './product.entity.ts';
import { versionConflict, type VersionConflict } from './product.errors.ts';
import { lockProduct } from './product.sql.ts';

/** The product, locked; where a version is given, only at that one. */
export async function lockAt(
  tx: Tx,
  id: string,
  version: number | null | undefined,
): Promise<ProductRow | NotFound | VersionConflict> {
  const product = await lockProduct(tx, id);
  if (product === undefined) return notFound('Product', id);
  const given = version ?? product.version;
  return given === product.version ? product : versionConflict(given, product);
}
