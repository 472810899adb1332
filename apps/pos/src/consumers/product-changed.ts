import type { EventData } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import type { PriceBookEntry } from '../price/price.ts';
import { applyProduct } from '../price/price.sql.ts';

type Product = EventData<'catalog.product-changed'>;

/** Keeps the price book: the newest version of a product replaces all of its variants. */
export const productChanged: EventHandler<'catalog.product-changed'> = {
  type: 'catalog.product-changed',
  consumer: 'pos.price-book',
  async handle(tx, { data }) {
    const { productId, version } = data;
    await applyProduct(tx, { productId, version, entries: data.variants.map(entryOf(data)) });
  },
};

// A deleted product keeps its variants here as ARCHIVED: "not for sale" says more than "unknown".
function entryOf(product: Product): (variant: Product['variants'][number]) => PriceBookEntry {
  const status = product.deletedAt === undefined ? product.status : 'ARCHIVED';
  return (variant) => ({
    variantId: variant.variantId,
    sku: variant.sku,
    title: variant.fullTitle,
    status,
    isActive: variant.isActive,
    tracking: variant.tracking,
    priceMinor: variant.price?.amountMinor ?? null,
    currencyCode: variant.price?.currencyCode ?? null,
    category: product.categoryPath ?? product.category ?? null,
    vendor: product.vendor ?? null,
    taxCode: variant.taxCode ?? null,
    isTaxable: variant.isTaxable,
  });
}
