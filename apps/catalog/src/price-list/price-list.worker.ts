import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';

// How late a price may begin or end. A look is one read of an index of rows that are due.
const pollMs = 1_000;

/** Begins and ends price lists at their moments; what a crash left is due still. */
export function createPriceListWorker(deps: {
  applyDue(): Promise<number>;
  log: ServiceDeps['backgroundLog'];
}): Worker {
  return createWorker({
    name: 'price-lists',
    intervalMs: pollMs,
    async run(signal) {
      while (!signal.aborted && (await deps.applyDue()) > 0);
    },
    onError: (err) => deps.log.error({ err }, 'price lists could not be applied'),
  });
}
