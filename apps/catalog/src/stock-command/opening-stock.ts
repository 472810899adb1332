import type { ProductWarning } from '../product/product.ts';
import type { StockCommandRow } from './stock-command.sql.ts';
import { unitsTotal } from './stock-command.ts';

/** How long a mutation waits for inventory to have the opening stock of what it made. */
export const stockWaitMs = 5_000;

/** What came of the opening stock so far, as a mutation answers it. */
export function openingStockOf(command: StockCommandRow) {
  const message = `Inventory refused the opening stock: ${command.reason}`;
  const warnings: ProductWarning[] =
    command.status === 'REFUSED' ? [{ code: 'OPENING_STOCK_REFUSED', message }] : [];
  return {
    inventoryTotal: command.status === 'DELIVERED' ? unitsTotal(command.lines) : 0,
    inventoryPending: command.status === 'PENDING',
    warnings,
  };
}
