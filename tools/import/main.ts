// npm run import -- <file.csv> --location <code>: a product file in Shopify's CSV format, through the public API.
import { ApiError, createImportApi } from './api.ts';
import { readArguments, UsageError, type ImportArguments } from './arguments.ts';
import { importFile } from './import-file.ts';
import { createProgress, type Progress } from './progress.ts';
import { errorTable, summary } from './report.ts';

const errorsShownMax = 200;

async function run(options: ImportArguments, progress: Progress): Promise<number> {
  const api = createImportApi(options);
  const { id, state } = await importFile(api, options, progress);
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
