import type { EntityTx } from '@onecount/db';
import {
  invalidInput,
  isGiven,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { mediaOfProducts, optionsOfProducts } from '../product/product.sql.ts';
import { variantsMax } from '../product/product.ts';
import { applyValueImages, giveToVariants, setValueImage } from './media.sql.ts';

type Images = {
  optionName: string;
  images: readonly { value: string; mediaId?: string | null }[];
};

/** Which pictures the values of an option show. All or none; the product is locked. */
export async function setOptionValueImages(
  tx: EntityTx,
  productId: string,
  { optionName, images }: Images,
): Promise<InvalidInput | NotFound | undefined> {
  const options = await optionsOfProducts(tx, [productId]);
  const option = options.find(({ name }) => isSame(name, optionName));
  if (option === undefined) {
    return invalidInput('optionName', `The product has no option ${optionName}.`, optionName);
  }
  const media = await mediaIdsOf(tx, productId);
  for (const [index, { value, mediaId = null }] of images.entries()) {
    const known = option.values.find((one) => isSame(one, value));
    if (known === undefined) {
      const message = `${option.name} has no value ${value}.`;
      return invalidInput(`images.${index}.value`, message, value);
    }
    if (mediaId !== null && !media.has(mediaId)) return notFound('Media', mediaId);
    await setValueImage(tx, productId, { optionName: option.name, optionValue: known, mediaId });
  }
  await applyValueImages(tx, [productId], option.name);
  return undefined;
}

/** One picture for several variants. All or none; the product is locked. */
export async function setVariantImages(
  tx: EntityTx,
  productId: string,
  { variantIds, mediaId }: { variantIds: readonly string[]; mediaId?: string | null },
): Promise<InvalidInput | NotFound | undefined> {
  if (variantIds.length < 1 || variantIds.length > variantsMax) {
    return invalidInput('variantIds', `Give 1 to ${variantsMax} variants.`, variantIds.length);
  }
  if (isGiven(mediaId) && !(await mediaIdsOf(tx, productId)).has(mediaId)) {
    return notFound('Media', mediaId);
  }
  const given = await giveToVariants(tx, { productId, variantIds, mediaId: mediaId ?? null });
  const stranger = variantIds.find((id) => !given.has(id));
  return stranger === undefined ? undefined : notFound('Variant', stranger);
}

async function mediaIdsOf(tx: EntityTx, productId: string): Promise<Set<string>> {
  return new Set((await mediaOfProducts(tx, [productId])).map(({ id }) => id));
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.trim().toLowerCase();
