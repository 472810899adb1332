import type { Database, Tx } from '@onecount/db';
import { csvLine } from '@onecount/service';
import { createReadStream } from 'node:fs';
import { uploadById } from '../upload/upload.sql.ts';
import type { UploadStore } from '../upload/upload.store.ts';
import { noteColumns, type Columns } from './csv-columns.ts';
import type { CsvRow } from './csv-row.ts';
import { groupsOf, isList, survey } from './csv-source.ts';
import { productImportById } from './product-import.sql.ts';
import { mappingOf } from './product-import.ts';
import { rowErrorPage, type RowSeverity } from './row-error.sql.ts';

const notesAtOnce = 1_000;
/** Rows with notes beyond this are not in the file; a hundred thousand are not corrected by hand. */
const notesMax = 100_000;

/** Where the import's file lies while it can be read again. */
export async function importFile(
  deps: { db: Database; store: UploadStore },
  tenantId: string,
  importId: string,
) {
  return deps.db.read(tenantId, async (tx) => {
    const row = await productImportById(tx, importId);
    const upload = row && (await uploadById(tx, row.uploadId));
    if (row === undefined || !upload?.sha256) return undefined;
    return { row, path: deps.store.pathOf(tenantId, upload.id, upload.sha256) };
  });
}

/**
 * The rows of the file that have notes, with the notes behind them: of a product all its rows, so that what is
 * corrected can be imported alone.
 */
export async function* rowsWithNotes(
  deps: { db: Database; store: UploadStore },
  tenantId: string,
  { importId, severity }: { importId: string; severity: RowSeverity },
): AsyncGenerator<string> {
  const found = await importFile(deps, tenantId, importId);
  if (found === undefined) return;
  const { row, path } = found;
  const notes = await deps.db.read(tenantId, (tx) => notesByRow(tx, importId, severity));
  const open = () => createReadStream(path);
  const surveyed = await survey(open, mappingOf(row.columnMapping));
  const { columns } = surveyed;
  yield csvLine([...ownCells(columns, columns.header), ...noteColumns]);
  for await (const { group } of groupsOf(open, surveyed)) {
    const noted = group.rows.filter(({ number }) => notes.has(number));
    const rows = isList(columns) || noted.length === 0 ? noted : group.rows;
    for (const each of rows) yield lineOf(columns, each, notes);
  }
}

function lineOf(columns: Columns, row: CsvRow, notes: ReadonlyMap<number, string>): string {
  const cells = ownCells(columns, row.cells);
  const width = ownCells(columns, columns.header).length;
  const padded = Array.from({ length: Math.max(width, cells.length) }, (_, at) => cells[at] ?? '');
  return csvLine([...padded, String(row.number), notes.get(row.number) ?? '']);
}

/** Without the cells that were translated and stand in front. */
function ownCells({ translate, surplusOptions }: Columns, cells: readonly string[]): string[] {
  return translate === undefined ? [...cells] : cells.slice((surplusOptions[0] ?? -1) + 1);
}

async function notesByRow(
  tx: Tx,
  importId: string,
  severity: RowSeverity,
): Promise<Map<number, string>> {
  const notes = new Map<number, string>();
  let [afterRow, afterId]: [number | undefined, string | undefined] = [undefined, undefined];
  for (let read = 0; read < notesMax; read += notesAtOnce) {
    const page = { severity, afterRow, afterId, limit: notesAtOnce };
    const rows = await rowErrorPage(tx, importId, page);
    for (const { row, code, column, message } of rows) {
      const note = `${code}${column === null ? '' : ` ${column}`}: ${message}`;
      notes.set(row, notes.has(row) ? `${notes.get(row)} | ${note}` : note);
    }
    const last = rows.at(-1);
    if (rows.length < notesAtOnce || last === undefined) break;
    [afterRow, afterId] = [last.row, last.id];
  }
  return notes;
}
