import type { Tx } from '@onecount/db';
import type { EventData } from '@onecount/events';
import { handlerOfGroups } from '@onecount/messaging';
import { publishChange } from '../product/product.events.ts';
import { lockProduct, lockProductsOfVariants } from '../product/product.sql.ts';
import {
  countedOtherwise,
  hearStock,
  productOfVariant,
  setTracking,
  type StockSaid,
} from '../variant/variant-tracking.sql.ts';

type Said = EventData<'inventory.stock-item-changed'> & StockSaid;
type Event = { data: EventData<'inventory.stock-item-changed'> };

const saidIn = (events: readonly Event[]): Said[] =>
  events.flatMap(({ data }) =>
    data.variantId === undefined ? [] : [{ ...data, variantId: data.variantId }],
  );

/**
 * A variant is counted as its stock item is: after a conversion, and where inventory could not follow what
 * the catalog said. Only an answer to our newest word counts: whatever changed here since is on its way to
 * inventory, which follows it or answers again. So two changes that cross never chase each other: our event
 * carries inventory's own tracking back, and inventory has nothing to say to that.
 *
 * Nearly every word says what is so already: it is read, and costs no lock and no row. That it is not noted either
 * does no harm: a later one that differs, and comes again, answers an older version of the product by then.
 */
export const stockItemChanged = handlerOfGroups<'inventory.stock-item-changed'>({
  type: 'inventory.stock-item-changed',
  consumer: 'catalog.variant-tracking',
  concerns: ({ data }) => data.variantId !== undefined,
  async lock(tx, events) {
    const otherwise = await countedOtherwise(tx, saidIn(events));
    if (otherwise.size > 0) await lockProductsOfVariants(tx, [...otherwise]);
  },
  async handleAll(tx, events) {
    const said = saidIn(events);
    const otherwise = await countedOtherwise(tx, said);
    for (const each of said) if (otherwise.has(each.variantId)) await follow(tx, each);
  },
});

async function follow(tx: Tx, said: Said): Promise<void> {
  const { variantId, tracking, version, productVersion } = said;
  const productId = await productOfVariant(tx, variantId);
  const product = productId === undefined ? undefined : await lockProduct(tx, productId);
  if (product === undefined) return;
  const current = await hearStock(tx, { variantId, version });
  if (current === undefined || current === tracking) return;
  if (productVersion === undefined || productVersion < product.version) return;
  await setTracking(tx, variantId, tracking);
  await publishChange(tx, product.id);
}
