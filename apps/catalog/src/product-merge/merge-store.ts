import type { EntityTx } from '@onecount/db';
import { replaceOptions } from '../option/option.sql.ts';
import { applyPriceLists } from '../price-list/price-list.sql.ts';
import { noteChange } from '../product-history/product-history.sql.ts';
import { leaveHandle } from '../product/product-handle.sql.ts';
import type { ProductRow } from '../product/product.entity.ts';
import { publishProducts } from '../product/product.events.ts';
import { mediaOfProducts } from '../product/product.sql.ts';
import type { OptionDraft } from '../product/product.ts';
import type { PageTexts } from '../product-split/page-texts.ts';
import { copyOptionImages, copyPictures } from '../product-split/picture-move.sql.ts';
import { setTexts } from '../product-split/product-split.sql.ts';
import { followPriceLists, moveVariants } from '../product-split/variant-move.sql.ts';
import { endInto, raiseVersion } from './product-merge.sql.ts';
import { placedIn, type MergePlanned } from './product-merge.ts';

export type Merger = {
  lead: ProductRow;
  others: readonly ProductRow[];
  optionsBefore: readonly OptionDraft[];
  texts: PageTexts;
  plan: MergePlanned;
};

/** Writes the one product that the others are now. Whoever sees a part of it sees all: it is one transaction. */
export async function storeMerge(tx: EntityTx, merger: Merger): Promise<void> {
  const { lead, others, texts, plan } = merger;
  // What a list says by now is in the prices before its products join.
  for (const { id } of [lead, ...others]) await applyPriceLists(tx, id);
  await setTexts(tx, { id: lead.id, groupId: lead.productGroupId, ...texts });
  await replaceOptions(tx, lead.id, plan.options);
  for (const { id } of others) {
    const pictures = await mediaOfProducts(tx, [id]);
    await copyPictures(
      tx,
      pictures.map((picture) => picture.id),
      lead.id,
    );
    await copyOptionImages(tx, id, lead.id);
  }
  await moveVariants(tx, lead.id, placedIn(texts.title, plan));
  for (const { id } of others) await takeOver(tx, lead.id, id);
  const change = { before: merger.optionsBefore, after: plan.options };
  await noteChange(tx, { productId: lead.id, field: 'options', ...change });
  const newest = Math.max(...[lead, ...others].map(({ version }) => version));
  await raiseVersion(tx, lead.id, newest + 1);
  // The one that has the variants now first, as a split tells of it.
  await publishProducts(tx, [lead.id, ...others.map(({ id }) => id)]);
}

async function takeOver(tx: EntityTx, leadId: string, id: string): Promise<void> {
  await followPriceLists(tx, id, leadId);
  const handle = await endInto(tx, id, leadId);
  await leaveHandle(tx, { handle, productId: leadId });
}
