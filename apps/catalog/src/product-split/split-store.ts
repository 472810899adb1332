import { uuidv7, type EntityTx } from '@onecount/db';
import { arrangeMedia } from '../media/media.sql.ts';
import { keepValueImages, replaceOptions } from '../option/option.sql.ts';
import { applyPriceLists } from '../price-list/price-list.sql.ts';
import { noteChange } from '../product-history/product-history.sql.ts';
import { newGroup } from '../product/product-group.sql.ts';
import { takeHandle } from '../product/product-handle.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { publishProducts } from '../product/product.events.ts';
import { bumpProductVersions } from '../product/product.sql.ts';
import type { OptionDraft } from '../product/product.ts';
import {
  copyOptionImages,
  copyPictures,
  keepPictures,
  picturesOfPart,
} from './picture-move.sql.ts';
import { copyProduct, setTexts } from './product-split.sql.ts';
import type { Sibling } from './product-split.ts';
import { followPriceLists, moveVariants } from './variant-move.sql.ts';

export type Division = {
  parent: ProductRow;
  options: readonly OptionDraft[];
  option: string;
  siblings: readonly Sibling[];
  handles: readonly string[];
};

/** Writes the siblings; answers their ids, the parent's first. Whoever sees one sees all: it is one transaction. */
export async function storeSplit(tx: EntityTx, division: Division): Promise<string[]> {
  const { parent, siblings } = division;
  // What a list says by now is in the prices before its products part.
  await applyPriceLists(tx, parent.id);
  const pictures = [];
  for (const sibling of siblings) pictures.push(await picturesOf(tx, division, sibling));
  const groupId = parent.productGroupId ?? (await newGroup(tx, parent.title)).id;
  const ids = siblings.map((_, at) => (at === 0 ? parent.id : uuidv7()));
  for (const [at, sibling] of siblings.entries()) {
    if (at === 0) continue;
    const place = { id: ids[at]!, groupId, handle: division.handles[at]! };
    await storeSibling(tx, { place, sibling, parentId: parent.id, pictures: pictures[at]! });
  }
  // Last: two of its variants would have one combination while those of the others are still there.
  await reduceParent(tx, division, { groupId, pictures: pictures[0]! });
  await bumpProductVersions(tx, [parent.id]);
  // Those to which variants have moved first: who hears in this order never misses a variant for a moment. Any other
  // order ends alike (ADR 0243).
  await publishProducts(tx, [...ids.slice(1), parent.id]);
  return ids;
}

function picturesOf(tx: EntityTx, { parent, option }: Division, { variants, values }: Sibling) {
  const variantIds = variants.map(({ id }) => id);
  return picturesOfPart(tx, parent.id, { variantIds, option, values });
}

async function storeSibling(
  tx: EntityTx,
  made: {
    place: { id: string; groupId: string; handle: string };
    sibling: Sibling;
    parentId: string;
    pictures: readonly string[];
  },
): Promise<void> {
  const { place, sibling, parentId } = made;
  const { title, seoTitle, seoDescription, options, variants } = sibling;
  await takeHandle(tx, place.handle);
  await copyProduct(tx, parentId, { ...place, title, seoTitle, seoDescription });
  await replaceOptions(tx, place.id, options);
  await copyPictures(tx, made.pictures, place.id);
  await moveVariants(tx, place.id, variants);
  await copyOptionImages(tx, parentId, place.id);
  await followPriceLists(tx, parentId, place.id);
}

async function reduceParent(
  tx: EntityTx,
  { parent, options: before, siblings }: Division,
  { groupId, pictures }: { groupId: string; pictures: string[] },
): Promise<void> {
  const { title, seoTitle, seoDescription, options, variants } = siblings[0]!;
  await setTexts(tx, { id: parent.id, groupId, title, seoTitle, seoDescription });
  await replaceOptions(tx, parent.id, options);
  await moveVariants(tx, parent.id, variants);
  await keepValueImages(tx, parent.id);
  await keepPictures(tx, parent.id, pictures);
  await arrangeMedia(tx, parent.id, pictures);
  await noteChange(tx, { productId: parent.id, field: 'options', before, after: options });
}
