import type { Tx } from '@onecount/db';
import { invalidInput, type InvalidInput } from '@onecount/refusal';
import { mediaOfProducts } from '../product/product.sql.ts';
import { mediaMax } from './media.ts';

/** How many pictures the product would have with these addresses. */
export async function picturesWith(
  tx: Tx,
  productId: string,
  urls: Iterable<string>,
): Promise<number> {
  const existing = (await mediaOfProducts(tx, [productId])).map(({ url }) => url);
  return new Set([...existing, ...urls]).size;
}

/** Where an address of a picture stands beside other things; null while the product can have all. */
export async function picturesRefusal(
  tx: Tx,
  productId: string,
  { urls, field }: { urls: readonly string[]; field: string },
): Promise<InvalidInput | null> {
  if (urls.length === 0) return null;
  const requested = await picturesWith(tx, productId, urls);
  if (requested <= mediaMax) return null;
  return invalidInput(field, `A product has at most ${mediaMax} pictures, not ${requested}.`);
}
