import { sumOf, type StockItemRow } from '../../kernel/stock-item/stock-item.ts';

export type LowStockRow = {
  stockItemId: string;
  since: Date;
  /** `since` as PostgreSQL has it: its microseconds are part of the order. */
  place: string;
};

export type ReorderSuggestionRow = {
  stockItemId: string;
  locationId: string;
  available: number;
  point: number;
  quantity: number;
};

/** The same rule as low_stock_evaluate's, on what was read already. */
export function isLow(item: StockItemRow): boolean {
  return (
    item.tracking !== 'NONE' &&
    item.levels.length > 0 &&
    sumOf(item, 'available') <= item.lowStockThreshold
  );
}
