import type { Outcome, Purchase, Shop } from '@onecount/testing';

export type SalePath = {
  /** The mutations of one sale, in order. */
  calls: string;
  buy(shop: Shop, purchase: Purchase): Promise<Outcome>;
};

/** The ways of a paid one-line sale through the gateway. */
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
} satisfies Record<string, SalePath>;

export type SalePathName = keyof typeof salePaths;
export const salePathNames = Object.keys(salePaths) as SalePathName[];
