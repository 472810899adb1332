import type { BackgroundTask, ServiceDeps } from '@onecount/service';
import type { StockCommandService } from './stock-command.service.ts';

/** Delivers what a crash or an absent inventory left behind. */
export function createStockCommandWorker(deps: {
  stock: StockCommandService;
  log: ServiceDeps['log'];
  pollMs: number;
}): BackgroundTask {
  const { stock, log, pollMs } = deps;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  async function round(): Promise<void> {
    try {
      while (!isStopped && (await stock.deliverDue()) > 0);
    } catch (err) {
      log.error({ err }, 'stock commands could not be read');
    }
    if (!isStopped) timer = setTimeout(next, pollMs);
  }
  function next(): void {
    running = round();
  }
  return {
    name: 'stock-commands',
    start: next,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
