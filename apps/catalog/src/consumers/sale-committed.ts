import type { EventHandler } from '@onecount/messaging';
import { addSales, lockSales } from '../sales/variant-sales.sql.ts';

/**
 * Counts what was sold of each variant. The count is no state that could be compared by version: each
 * sale adds, once: by the inbox for an event that comes again, by `counted_sale` for one under a new id.
 */
export const saleCommitted: EventHandler<'pos.sale-committed'> = {
  type: 'pos.sale-committed',
  consumer: 'catalog.variant-sales',
  lock: (tx, events) =>
    lockSales(
      tx,
      events.flatMap(({ data }) => data.lines),
    ),
  async handle(tx, { data, time }) {
    const { saleId, lines, committedAt } = data;
    await addSales(tx, { saleId, lines, soldAt: committedAt ?? time });
  },
};
