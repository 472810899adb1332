import type { EventHandler } from '@onecount/messaging';
import { addSales } from '../sales/variant-sales.sql.ts';

/**
 * Counts what was sold of each variant. The count is no state that could be compared by version: each
 * event adds, and the inbox makes it add once.
 */
export const saleCommitted: EventHandler<'pos.sale-committed'> = {
  type: 'pos.sale-committed',
  consumer: 'catalog.variant-sales',
  async handle(tx, { data, time }) {
    await addSales(tx, { lines: data.lines, soldAt: data.committedAt ?? time });
  },
};
