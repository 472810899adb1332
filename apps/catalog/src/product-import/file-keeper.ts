import { createWorker, type ServiceDeps, type Worker } from '@onecount/service';
import type { UploadStore } from '../upload/upload.store.ts';

const hourMs = 3_600_000;

/** Removes files that were kept for the rows to correct, a week after they came. */
export function createFileKeeper(deps: {
  store: UploadStore;
  log: ServiceDeps['backgroundLog'];
}): Worker {
  const { store, log } = deps;
  return createWorker({
    name: 'import-files',
    intervalMs: hourMs,
    run: () => store.removeOld(),
    onError: (err) => log.error({ err }, 'old files of imports could not be removed'),
  });
}
