import { refuse } from '@onecount/refusal';
import type { CodeTarget } from './stock-code.ts';

export function stockCodeTaken(
  stockCode: string,
  { sku, serialUnitId }: CodeTarget & { sku: string },
) {
  const named = serialUnitId ? `a unit of ${sku}` : sku;
  const message = `${stockCode} names ${named} already.`;
  return refuse('StockCodeTaken', 'STOCK_CODE_TAKEN', message, { stockCode, sku, serialUnitId });
}

export function stockCodeFollowsCatalog(stockCode: string) {
  const message = `${stockCode} is a barcode of the catalog: change it at the variant.`;
  return refuse('StockCodeFollowsCatalog', 'STOCK_CODE_FOLLOWS_CATALOG', message, { stockCode });
}
