import type { Outcome, Piece, Shop } from '@onecount/testing';

type Race = { registerId: string; buyers: number };

/** One piece, as many buyers at once, half at the counter and half in the web shop. */
export async function raceForOnePiece(
  shop: Shop,
  { registerId, buyers }: Race,
): Promise<{ piece: Piece; outcomes: Outcome[] }> {
  const piece = await shop.createPiece({ title: 'Estate brooch' });
  const outcomes = await Promise.all(
    Array.from({ length: buyers }, (_, i) =>
      i % 2 === 0
        ? shop.buy({ channel: 'COUNTER', registerId, sku: piece.sku, serial: piece.serials[0] })
        : shop.buy({ channel: 'WEB', locationCode: 'HQ', sku: piece.sku }),
    ),
  );
  return { piece, outcomes };
}

/** Interchangeable units; the buyers want 1, 2 or 3 in turn. Ends when whoever wanted one has been served or refused. */
export async function raceForQuantity(
  shop: Shop,
  { registerId, buyers, stock }: Race & { stock: number },
): Promise<{ piece: Piece; bought: number }> {
  const piece = await shop.createPiece({ tracking: 'QUANTITY', quantity: stock });
  const outcomes = await Promise.all(
    Array.from({ length: buyers }, async (_, i) => {
      const quantity = 1 + (i % 3);
      const outcome =
        i % 2 === 0
          ? await shop.buy({ channel: 'COUNTER', registerId, sku: piece.sku, quantity })
          : await shop.buy({ channel: 'WEB', locationCode: 'HQ', sku: piece.sku, quantity });
      return outcome.__typename === 'SaleCommitSuccess' ? quantity : 0;
    }),
  );
  return { piece, bought: outcomes.reduce((sum: number, quantity) => sum + quantity, 0) };
}
