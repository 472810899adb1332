import type { ServiceClient } from '@onecount/graphql';
import { minorOf, type Money } from '@onecount/money';
import type { PriceEntry } from './price.ts';

export const variantForSaleOperation = {
  name: 'PosVariantForSale',
  query: `query PosVariantForSale($sku: String!) {
  variantForSale(sku: $sku) {
    productId version variantId sku fullTitle status isActive tracking
    price { amount currencyCode }
  }
}`,
};

type Answer = Omit<PriceEntry, 'title' | 'priceMinor' | 'currencyCode'> & {
  productId: string;
  version: number;
  fullTitle: string;
  price: Money | null;
};
export type VariantForSale = { productId: string; version: number; entry: PriceEntry };
export type CatalogClient = ReturnType<typeof createCatalogClient>;

/** Asks catalog for a variant that the price book does not have yet. Throws ServiceCallError. */
export function createCatalogClient(client: ServiceClient) {
  return {
    async variantForSale(
      caller: { tenantId: string; subject: string },
      sku: string,
    ): Promise<VariantForSale | null> {
      type Data = { variantForSale: Answer | null };
      const data = await client.call<Data>(caller, variantForSaleOperation, { sku });
      if (!data.variantForSale) return null;
      const { productId, version, fullTitle, price, ...rest } = data.variantForSale;
      const entry = {
        ...rest,
        title: fullTitle,
        priceMinor: price && minorOf(price),
        currencyCode: price && price.currencyCode,
        version,
      };
      return { productId, version, entry };
    },
  };
}
