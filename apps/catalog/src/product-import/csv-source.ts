import { slugOf } from '../product/product.ts';
import { columnsOf, type Columns, type HeaderProblem } from './csv-columns.ts';
import type { RowGroup } from './csv-product.ts';
import { recordReader, type CsvRecord } from './csv-records.ts';
import type { CsvRow } from './csv-row.ts';
import { emptyFile, linesOf, textFormOf, type OpenFile, type TextForm } from './file-text.ts';
import { FileUnreadableError } from './file-unreadable.ts';

/** Rows kept while their product is not complete; only a file in wild disorder comes near. */
const rowsHeldMax = 200_000;

type SourceRow = CsvRow & { bytesRead: number };

// The comma is the format; spreadsheets in Europe write a semicolon, others a tab.
const separators = [
  { character: ',', name: 'commas' },
  { character: ';', name: 'semicolons' },
  { character: '\t', name: 'tabs' },
] as const;

/** How the text of a file is to be read. */
export type FileForm = TextForm & { separator: string };

/** What the first pass over the file finds. */
export type Survey = {
  columns: Columns;
  form: FileForm;
  rowsTotal: number;
  /** Rows of each group, so that the second pass knows when a group is complete. */
  rowsOfGroup: Map<string, number>;
};

/**
 * Counts rows and products and reads the header. Two passes over the file cost little and buy exact
 * progress and products whose rows do not stand together. Throws FileUnreadableError.
 */
export async function survey(open: OpenFile): Promise<Survey> {
  const { columns, form } = await headerOf(open, await textFormOf(open));
  let rowsTotal = -1;
  const rowsOfGroup = new Map<string, number>();
  for await (const row of rowsOf(open, form)) {
    rowsTotal += 1;
    if (rowsTotal === 0) continue;
    const key = groupKey(columns, row);
    rowsOfGroup.set(key, (rowsOfGroup.get(key) ?? 0) + 1);
  }
  return { columns, form, rowsTotal, rowsOfGroup };
}

export type GroupRead = { key: string; group: RowGroup; rowsRead: number; bytesRead: number };

/** The groups in the order in which they become complete. Throws FileUnreadableError. */
export async function* groupsOf(open: OpenFile, { columns, form, rowsOfGroup }: Survey) {
  const incomplete = new Map<string, CsvRow[]>();
  let rowsRead = 0;
  let rowsHeld = 0;
  let isHeader = true;
  for await (const row of rowsOf(open, form)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    rowsRead += 1;
    const key = groupKey(columns, row);
    const rows = incomplete.get(key) ?? [];
    const { bytesRead, ...kept } = row;
    rows.push(kept);
    rowsHeld += 1;
    if (rows.length < (rowsOfGroup.get(key) ?? 0)) {
      incomplete.set(key, rows);
      if (rowsHeld > rowsHeldMax) throw tooScattered(row.number);
      continue;
    }
    incomplete.delete(key);
    rowsHeld -= rows.length;
    const handle = key.startsWith(rowKeyPrefix) ? '' : key;
    yield { key, group: { handle, rows }, rowsRead, bytesRead } satisfies GroupRead;
  }
}

// No slug begins with a space: the key of a row without handle never meets one with.
const rowKeyPrefix = ' row ';

function groupKey(columns: Columns, row: CsvRow): string {
  const handle = slugOf(row.cells[columns.indexOf.get('handle') ?? -1] ?? '');
  return handle === '' ? `${rowKeyPrefix}${row.number}` : handle;
}

/** The header by the first separator that makes a product file of it. */
async function headerOf(
  open: OpenFile,
  text: TextForm,
): Promise<{ columns: Columns; form: FileForm }> {
  const failed: { name: string; cells: number; problem: string }[] = [];
  for (const { character: separator, name } of separators) {
    const form = { ...text, separator };
    const cells = await firstRow(open, form);
    if (cells === undefined) throw emptyFile();
    const columns: Columns | HeaderProblem = columnsOf(cells);
    if (!('problem' in columns)) return { columns, form };
    failed.push({ name, cells: cells.length, problem: columns.problem });
  }
  const [likeliest] = failed.sort((one, other) => other.cells - one.cells);
  const message = `${likeliest!.problem} The file was read as separated by ${likeliest!.name}.`;
  throw new FileUnreadableError(message, { row: 1, code: 'INVALID' });
}

async function firstRow(open: OpenFile, form: FileForm): Promise<readonly string[] | undefined> {
  for await (const { cells } of rowsOf(open, form)) return cells;
  return undefined;
}

function tooScattered(row: number): FileUnreadableError {
  const message = `More than ${rowsHeldMax} rows wait for the rest of their product; sort the file by handle.`;
  return new FileUnreadableError(message, { row, code: 'INVALID' });
}

/** Every record that is not blank, streamed; a byte-order mark, CRLF and quoted newlines are read. */
async function* rowsOf(open: OpenFile, form: FileForm): AsyncGenerator<SourceRow> {
  const reader = recordReader(form.separator);
  let number = 0;
  let bytesRead = 0;
  function* filled(records: readonly CsvRecord[]): Generator<SourceRow> {
    for (const record of records) {
      number += 1;
      if (record.cells.every((cell) => cell.trim() === '')) continue;
      yield { number, ...record, bytesRead };
    }
  }
  for await (const read of linesOf(open, form)) {
    bytesRead = read.bytesRead;
    yield* filled(reader.push(read.lines));
  }
  yield* filled(reader.end());
}
