// npm run import -- <file.csv> --location <code>: a product file in Shopify's CSV format, through the public API.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, createImportApi, type ImportApi, type ImportState } from './api.ts';
import { readArguments, UsageError, type ImportArguments } from './arguments.ts';
import { createProgress, type Progress } from './progress.ts';
import { errorTable, summary } from './report.ts';

const pollMs = 250;
/** A service that restarts is waited for this long. */
const outageMsMax = 60_000;
const errorsShownMax = 200;

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
      if (state.status === 'COMPLETED' || state.status === 'FAILED') return state;
    } catch (err) {
      // The import runs in the service, whether somebody watches or not: an outage is waited for.
      const isOver = !(err instanceof ApiError) || !err.isTransient;
      if (isOver || Date.now() - lastAnswerAt > outageMsMax) throw err;
    }
    await pause(pollMs);
  }
}

async function run(options: ImportArguments, progress: Progress): Promise<number> {
  const api = createImportApi(options);
  const uploadId = await upload(api, options.file, progress);
  const id = await api.start({
    uploadId,
    locationCode: options.location,
    currencyCode: options.currency,
    overwriteExisting: options.isOverwriting,
  });
  const state = await untilFinished(api, id, progress);
  progress.end();
  console.log(summary(state));
  const { rowErrors } = state.totals;
  if (rowErrors === 0) return state.status === 'COMPLETED' ? 0 : 1;
  const errors = await api.rowErrors(id, errorsShownMax);
  console.error(`\n${errorTable(errors)}`);
  const hidden = rowErrors - errors.length;
  if (hidden > 0) console.error(`and ${hidden} more: ask productImport(id: "${id}") { rowErrors }`);
  return 1;
}

const progress = createProgress(process.stderr);
try {
  process.exitCode = await run(await readArguments(process.argv.slice(2)), progress);
} catch (err) {
  progress.end();
  if (!(err instanceof UsageError || err instanceof ApiError)) throw err;
  console.error(err.message);
  process.exitCode = 1;
}
