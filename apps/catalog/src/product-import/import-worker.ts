import type { BackgroundTask, ServiceDeps } from '@onecount/service';
import type { ImportRunner } from './import-runner.ts';

/** Takes imports one after the other; `wake` spares a new one the poll. */
export function createImportWorker(deps: {
  runner: ImportRunner;
  log: ServiceDeps['log'];
  pollMs: number;
}): BackgroundTask & { wake(): void } {
  const { runner, log, pollMs } = deps;
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isWoken = false;
  let isStarted = false;

  async function round(): Promise<void> {
    try {
      do isWoken = false;
      while (!abort.signal.aborted && ((await runner.runNext(abort.signal)) || isWoken));
    } catch (err) {
      log.error({ err }, 'imports could not be read');
    }
    running = undefined;
    if (!abort.signal.aborted) timer = setTimeout(next, pollMs);
  }
  function next(): void {
    clearTimeout(timer);
    running = round();
  }
  return {
    name: 'product-imports',
    start() {
      isStarted = true;
      next();
    },
    wake() {
      isWoken = true;
      if (isStarted && running === undefined && !abort.signal.aborted) next();
    },
    /** Ends after the product that is being written; the import goes on elsewhere or after the restart. */
    async stop() {
      abort.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
