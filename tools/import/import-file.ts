import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type ImportApi, type ImportState } from './api.ts';
import { UsageError } from './arguments.ts';
import type { Progress } from './progress.ts';

const pollMs = 250;
/** A service that restarts is waited for this long. */
const outageMsMax = 60_000;

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`${path} is no file.`);
  if (found.size === 0) throw new UsageError(`${path} is empty.`);
  return found.size;
}

async function upload(api: ImportApi, path: string, progress: Progress): Promise<string> {
  const sizeBytes = await sizeOf(path);
  const place = await api.createUpload({ filename: basename(path), sizeBytes });
  await api.put(place, { path, sizeBytes }, (bytes) => progress.show('Upload', bytes, sizeBytes));
  return place.id;
}

async function untilFinished(api: ImportApi, id: string, progress: Progress): Promise<ImportState> {
  let lastAnswerAt = Date.now();
  for (;;) {
    try {
      const state = await api.state(id);
      lastAnswerAt = Date.now();
      const { productsDone, productsTotal } = state.progress;
      progress.show('Products', productsDone, Math.max(productsTotal ?? 0, productsDone, 1));
      if (state.status !== 'QUEUED' && state.status !== 'RUNNING') return state;
    } catch (err) {
      // The import runs in the service, whether somebody watches or not: an outage is waited for.
      const isOver = !(err instanceof ApiError) || !err.isTransient;
      if (isOver || Date.now() - lastAnswerAt > outageMsMax) throw err;
    }
    await pause(pollMs);
  }
}

export type ImportRequest = {
  file: string;
  location: string;
  currency: string;
  isOverwriting: boolean;
  isDryRun: boolean;
};

/** Uploads the file, starts the import and waits for its end. Throws UsageError or ApiError. */
export async function importFile(
  api: ImportApi,
  { file, location, currency, isOverwriting, isDryRun }: ImportRequest,
  progress: Progress,
): Promise<{ id: string; state: ImportState }> {
  const uploadId = await upload(api, file, progress);
  const id = await api.start({
    uploadId,
    locationCode: location,
    currencyCode: currency,
    overwriteExisting: isOverwriting,
    dryRun: isDryRun,
  });
  return { id, state: await untilFinished(api, id, progress) };
}
