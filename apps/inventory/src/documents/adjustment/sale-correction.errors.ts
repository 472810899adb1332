import { refuse } from '@onecount/refusal';
import { nameOf, type Piece } from '../../kernel/stock.errors.ts';

export function saleDidNotSell(
  piece: Piece,
  facts: { saleId: string; sold: number; corrected: number; requested: number },
) {
  const { saleId, sold, corrected, requested } = facts;
  return refuse(
    'SaleDidNotSell',
    'SALE_DID_NOT_SELL',
    `${requested} of ${nameOf(piece)} cannot come back: the sale took ${sold}, and ${corrected} came back since.`,
    { saleId, sku: piece.sku, sold, corrected, requested },
  );
}

export function stockItemIsSerial(piece: Piece) {
  return refuse(
    'StockItemIsSerial',
    'STOCK_ITEM_IS_SERIAL',
    `${nameOf(piece)} is counted unit by unit: return the unit and sell the right one.`,
    { sku: piece.sku },
  );
}
