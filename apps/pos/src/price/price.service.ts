import type { Database } from '@onecount/db';
import type { CatalogClient } from './catalog.client.ts';
import type { PriceEntry } from './price.ts';
import { priceBySku, rememberPrice } from './price.sql.ts';

export type PriceService = ReturnType<typeof createPriceService>;
type Caller = { tenantId: string; subject: string };

/**
 * POS's own price book. It is filled by catalog's events; a variant whose event is still on its way is
 * asked for once, so that a product can be sold the moment after it was created.
 */
export function createPriceService({ db, catalog }: { db: Database; catalog: CatalogClient }) {
  const ask = async (caller: Caller, sku: string): Promise<PriceEntry | null> => {
    const answer = await catalog.variantForSale(caller, sku);
    if (!answer) return null;
    await db.inTransaction(caller.tenantId, (tx) => rememberPrice(tx, answer));
    return answer.entry;
  };
  return {
    /** Null when catalog does not know the SKU. */
    async priceOf(caller: Caller, sku: string): Promise<PriceEntry | null> {
      return (await priceBySku(db, { tenantId: caller.tenantId, sku })) ?? (await ask(caller, sku));
    },
    /** For a caller that has looked into the price book already. */
    ask,
  };
}
