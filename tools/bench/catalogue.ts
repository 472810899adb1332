import type { Shop } from '@onecount/testing';

const perProduct = 100;

/** Variants with plenty of stock at HQ, a hundred to a product; answers their SKUs. */
export async function createSkus(shop: Shop, count: number): Promise<string[]> {
  const skus = Array.from({ length: count }, (_, index) => `BENCH-${1000 + index}`);
  for (let from = 0; from < count; from += perProduct) {
    const part = skus.slice(from, from + perProduct);
    await shop.expecting('productCreate', {
      title: `Bench product ${from / perProduct}`,
      status: 'ACTIVE',
      options: [{ name: 'Number', values: part }],
      variants: part.map((sku) => ({
        sku,
        tracking: 'QUANTITY',
        optionValues: [sku],
        price: { amount: '10.00', currencyCode: 'USD' },
        openingStock: [{ locationCode: 'HQ', quantity: 1_000_000 }],
      })),
    });
  }
  return skus;
}
