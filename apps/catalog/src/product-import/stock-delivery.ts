import type { StockCommandService } from '../stock-command/stock-command.service.ts';

const inFlightMax = 4;

/**
 * Delivers the stock commands of a run beside it, a few at a time. After one that found no inventory
 * the rest is left to the worker, so that an absent inventory does not slow the import down.
 */
export function createStockDelivery(
  stock: Pick<StockCommandService, 'deliverOrLog'>,
  tenantId: string,
) {
  const inFlight = new Set<Promise<void>>();
  let isReachable = true;
  return {
    async add(commandId: string): Promise<void> {
      if (!isReachable) return;
      const delivery = stock.deliverOrLog(tenantId, commandId).then((isDelivered) => {
        isReachable &&= isDelivered;
        inFlight.delete(delivery);
      });
      inFlight.add(delivery);
      if (inFlight.size >= inFlightMax) await Promise.race(inFlight);
    },
    async settled(): Promise<void> {
      await Promise.all(inFlight);
    },
  };
}
