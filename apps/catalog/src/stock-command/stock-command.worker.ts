import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { StockCommandService } from './stock-command.service.ts';

/** Delivers what a crash or an absent inventory left behind. */
export function createStockCommandWorker(deps: {
  stock: StockCommandService;
  log: ServiceDeps['backgroundLog'];
  pollMs: number;
}): Worker {
  const { stock, log, pollMs } = deps;
  return createWorker({
    name: 'stock-commands',
    intervalMs: pollMs,
    async run(signal) {
      while (!signal.aborted && (await stock.deliverDue()) > 0);
    },
    onError: (err) => log.error({ err }, 'stock commands could not be read'),
  });
}
