import { handlerOfGroups } from '@onecount/messaging';
import { addSales } from '../sales/variant-sales.sql.ts';

/**
 * Counts what was sold of each variant. The count is no state that could be compared by version: each
 * sale adds, once: by the inbox for an event that comes again, by `counted_sale` for one under a new id.
 */
export const saleCommitted = handlerOfGroups<'pos.sale-committed'>({
  type: 'pos.sale-committed',
  consumer: 'catalog.variant-sales',
  handleAll: (tx, events) =>
    addSales(
      tx,
      events.map(({ data: { saleId, lines, committedAt }, time }) => ({
        ...{ saleId, lines, soldAt: committedAt ?? time },
      })),
    ),
});
