import type { Outcome, Purchase, Shop } from '@onecount/testing';

export type SalePath = {
  /** The mutations of one sale, in order. */
  calls: string;
  /** `others`: four SKUs more. */
  buy(shop: Shop, purchase: Purchase, others: readonly string[]): Promise<Outcome>;
};

const price = (amount: string) => ({ amount, currencyCode: 'USD' });

/** The ways of a paid sale through the gateway; of one line where nothing else is said. */
export const salePaths = {
  basket: {
    calls: 'saleOpen, saleLineAdd, saleCommit',
    buy: (shop, purchase) => shop.buy(purchase),
  },
  two: {
    calls: 'saleOpen with the line, saleCommit',
    buy: (shop, purchase) => shop.buyInTwo(purchase),
  },
  one: {
    calls: 'saleRecord',
    buy: (shop, purchase) => shop.record(purchase, { amount: '10.00' }),
  },
  five: {
    calls: 'saleOpen with five lines, saleCommit by card and in cash',
    buy: buyFive,
  },
  back: {
    calls: 'saleRecord, saleReturn',
    buy: buyAndReturn,
  },
} satisfies Record<string, SalePath>;

export type SalePathName = keyof typeof salePaths;
export const salePathNames = Object.keys(salePaths) as SalePathName[];

async function buyFive(
  shop: Shop,
  { channel, registerId, sku }: Purchase,
  others: readonly string[],
): Promise<Outcome> {
  const lines = [sku, ...others].map((each) => ({ sku: each }));
  const input = { channel, registerId, currencyCode: 'USD', lines };
  const { sale } = await shop.expecting('saleOpen', input);
  const tenders = [
    { kind: 'CARD', amount: price('30.00') },
    { kind: 'CASH', amount: price('20.00') },
  ];
  return shop.expecting('saleCommit', { saleId: sale.id, tenders });
}

async function buyAndReturn(shop: Shop, purchase: Purchase): Promise<Outcome> {
  const { sale, ...sold } = await shop.record(purchase, { amount: '10.00' });
  if (!sale) return sold;
  const lines = [{ lineId: sale.lines[0].id }];
  const { registerId } = purchase;
  return shop.expecting('saleReturn', {
    ...{ saleId: sale.id, registerId, lines, reason: 'CHANGED_MIND' },
  });
}
