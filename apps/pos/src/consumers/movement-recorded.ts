import { handlerOfGroups } from '@onecount/messaging';
import { saveMovements } from '../sales-report/stock-movement.sql.ts';
import { isReported } from '../sales-report/stock-movement.ts';

/** Keeps what moved for sales and what came in, for reports: never anything that a sale waits for. */
export const movementRecorded = handlerOfGroups({
  type: 'inventory.movement-recorded',
  consumer: 'pos.stock-movement',
  mayConcern: (body) => ['"SALE"', '"RECEIPT"', '"OPENING"'].some((word) => body.includes(word)),
  concerns: ({ data }) => isReported(data),
  handleAll: (tx, events) =>
    saveMovements(
      tx,
      events.map(({ data }) => data),
    ),
});
