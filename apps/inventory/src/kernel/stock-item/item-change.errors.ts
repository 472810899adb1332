import { refuse } from '@onecount/refusal';
import { nameOf, type Piece } from '../stock.errors.ts';

export function stockItemSkuTaken(sku: string, stockItemId: string) {
  const message = `${sku} counts something already.`;
  return refuse('StockItemSkuTaken', 'STOCK_ITEM_SKU_TAKEN', message, { sku, stockItemId });
}

export function stockItemFollowsCatalog(piece: Piece, field: string) {
  const message = `${nameOf(piece)} counts a variant: change its ${field} in the catalog.`;
  const { sku } = piece;
  return refuse('StockItemFollowsCatalog', 'STOCK_ITEM_FOLLOWS_CATALOG', message, { sku, field });
}

export function backorderInUse(
  piece: Piece,
  facts: { backorderLimit: number; soldAhead: number; locationCode: string },
) {
  const { backorderLimit, soldAhead, locationCode } = facts;
  const message = `${soldAhead} of ${nameOf(piece)} are sold ahead at ${locationCode} already, more than ${backorderLimit}.`;
  return refuse('BackorderInUse', 'BACKORDER_IN_USE', message, { sku: piece.sku, ...facts });
}
