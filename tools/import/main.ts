// npm run import -- <file.csv> --location <code>: a product file in Shopify's CSV format, through the public API.
import { ApiError, createImportApi, type ImportApi, type RowNotes } from './api.ts';
import { readArguments, UsageError, type ImportArguments } from './arguments.ts';
import { importFile } from './import-file.ts';
import { createProgress, type Progress } from './progress.ts';
import { errorTable, summary } from './report.ts';

const shownMax = 200;

async function run(options: ImportArguments, progress: Progress): Promise<number> {
  const api = createImportApi(options);
  const { id, state } = await importFile(api, options, progress);
  progress.end();
  console.log(summary(state));
  await showNotes(api, id, { kind: 'rowWarnings', total: state.totals.rowWarnings });
  await showNotes(api, id, { kind: 'rowErrors', total: state.totals.rowErrors });
  return state.status === 'COMPLETED' && state.totals.rowErrors === 0 ? 0 : 1;
}

async function showNotes(
  api: ImportApi,
  id: string,
  { kind, total }: { kind: RowNotes; total: number },
): Promise<void> {
  if (total === 0) return;
  const shown = await api.rowNotes(kind, id, shownMax);
  console.error(`\n${kind === 'rowErrors' ? 'Errors' : 'Warnings'}\n${errorTable(shown)}`);
  const hidden = total - shown.length;
  if (hidden > 0) console.error(`and ${hidden} more: ask productImport(id: "${id}") { ${kind} }`);
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
