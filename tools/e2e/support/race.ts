import type { Outcome, Piece, Purchase, Shop } from '@onecount/testing';

type Race = { registerId: string; buyers: number };
type Way = 'basket' | 'open' | 'record';

/** How each buyer buys: by a basket of three calls, a basket opened with its line, or a sale that is paid already. */
export const waysOf = {
  baskets: ['basket'],
  records: ['record'],
  mixed: ['basket', 'record', 'open', 'record'],
} satisfies Record<string, Way[]>;

export const isSold = ({ __typename }: Outcome): boolean =>
  __typename === 'SaleCommitSuccess' || __typename === 'SaleRecordSuccess';

function buyBy(shop: Shop, way: Way, purchase: Purchase): Promise<Outcome> {
  switch (way) {
    case 'basket':
      return shop.buy(purchase);
    case 'open':
      return shop.buyInTwo(purchase);
    case 'record':
      return shop.record(purchase, { amount: '4200.00' });
  }
}

/** One piece, as many buyers at once, half at the counter and half in the web shop. */
export async function raceForOnePiece(
  shop: Shop,
  { registerId, buyers, ways = waysOf.baskets }: Race & { ways?: Way[] },
): Promise<{ piece: Piece; outcomes: Outcome[] }> {
  const piece = await shop.createPiece({ title: 'Estate brooch' });
  const outcomes = await Promise.all(
    Array.from({ length: buyers }, (_, i) => {
      // By pairs, so that every way is tried at the counter and in the web shop.
      const way = ways[Math.floor(i / 2) % ways.length]!;
      return i % 2 === 0
        ? buyBy(shop, way, {
            channel: 'COUNTER',
            registerId,
            sku: piece.sku,
            serial: piece.serials[0],
          })
        : buyBy(shop, way, { channel: 'WEB', locationCode: 'HQ', sku: piece.sku });
    }),
  );
  return { piece, outcomes };
}

/** Interchangeable units; the buyers want 1, 2 or 3 in turn. Ends when whoever wanted one has been served or refused. */
export async function raceForQuantity(
  shop: Shop,
  { registerId, buyers, stock, ways = waysOf.baskets }: Race & { stock: number; ways?: Way[] },
): Promise<{ piece: Piece; bought: number }> {
  const piece = await shop.createPiece({ tracking: 'QUANTITY', quantity: stock });
  const outcomes = await Promise.all(
    Array.from({ length: buyers }, async (_, i) => {
      const quantity = 1 + (i % 3);
      const way = ways[Math.floor(i / 2) % ways.length]!;
      const purchase = { sku: piece.sku, quantity };
      const outcome =
        i % 2 === 0
          ? await buyBy(shop, way, { channel: 'COUNTER', registerId, ...purchase })
          : await buyBy(shop, way, { channel: 'WEB', locationCode: 'HQ', ...purchase });
      return isSold(outcome) ? quantity : 0;
    }),
  );
  return { piece, bought: outcomes.reduce((sum: number, quantity) => sum + quantity, 0) };
}
