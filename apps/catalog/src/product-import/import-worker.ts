import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { ImportRunner } from './import-runner.ts';

/**
 * Takes imports one after the other; a wake-up spares a new one the poll. Its end comes after the product that
 * is being written; the import goes on elsewhere or after the restart.
 */
export function createImportWorker(deps: {
  runner: ImportRunner;
  log: ServiceDeps['backgroundLog'];
  pollMs: number;
}): Worker {
  const { runner, log, pollMs } = deps;
  return createWorker({
    name: 'product-imports',
    intervalMs: 0,
    idleMs: pollMs,
    async run(signal) {
      while (!signal.aborted && (await runner.runNext(signal)));
    },
    onError: (err) => log.error({ err }, 'imports could not be read'),
  });
}
