import { refuse } from '@onecount/refusal';
import type { ProductRow } from '../product/product.entity.ts';

/** Inventory has not heard of every variant yet: it would be told of what the product was. */
export function openingStockPending(product: ProductRow) {
  const message = `Opening stock of ${product.title} is on its way: repeat this when it has arrived.`;
  return refuse('OpeningStockPending', 'OPENING_STOCK_PENDING', message, { product });
}
