import type { Readable } from 'node:stream';
import { parse, CsvError } from 'csv-parse';
import { slugOf } from '../product/product.ts';
import { columnsOf, type Columns, type HeaderProblem } from './csv-columns.ts';
import type { RowGroup } from './csv-product.ts';
import type { CsvRow } from './csv-row.ts';

// A description is tens of kilobytes at most; beyond this a quotation mark was never closed.
const recordBytesMax = 1_000_000;
/** Rows kept while their product is not complete; only a file in wild disorder comes near. */
const rowsHeldMax = 200_000;

/** The file as a whole cannot be read on from `row`; rows before it are sound. */
export class FileUnreadableError extends Error {
  readonly row: number;
  readonly code: 'QUOTE_NOT_CLOSED' | 'INVALID';
  constructor(message: string, place: { row: number; code: 'QUOTE_NOT_CLOSED' | 'INVALID' }) {
    super(message);
    this.name = 'FileUnreadableError';
    this.row = place.row;
    this.code = place.code;
  }
}

/** Opens the file from its start; it is read twice. */
export type OpenFile = () => Readable;

type SourceRow = CsvRow & { bytesRead: number };

// The comma is the format; spreadsheets in Europe write a semicolon, others a tab.
const separators = [
  { character: ',', name: 'commas' },
  { character: ';', name: 'semicolons' },
  { character: '\t', name: 'tabs' },
] as const;

/** What the first pass over the file finds. */
export type Survey = {
  columns: Columns;
  separator: string;
  rowsTotal: number;
  /** Rows of each group, so that the second pass knows when a group is complete. */
  rowsOfGroup: Map<string, number>;
};

/**
 * Counts rows and products and reads the header. Two passes over the file cost little and buy exact
 * progress and products whose rows do not stand together. Throws FileUnreadableError.
 */
export async function survey(open: OpenFile): Promise<Survey> {
  const { columns, separator } = await headerOf(open);
  let rowsTotal = -1;
  const rowsOfGroup = new Map<string, number>();
  for await (const row of rowsOf(open, separator)) {
    rowsTotal += 1;
    if (rowsTotal === 0) continue;
    const key = groupKey(columns, row);
    rowsOfGroup.set(key, (rowsOfGroup.get(key) ?? 0) + 1);
  }
  return { columns, separator, rowsTotal, rowsOfGroup };
}

export type GroupRead = { key: string; group: RowGroup; rowsRead: number; bytesRead: number };

/** The groups in the order in which they become complete. Throws FileUnreadableError. */
export async function* groupsOf(open: OpenFile, { columns, separator, rowsOfGroup }: Survey) {
  const incomplete = new Map<string, CsvRow[]>();
  let rowsRead = 0;
  let rowsHeld = 0;
  let isHeader = true;
  for await (const row of rowsOf(open, separator)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    rowsRead += 1;
    const key = groupKey(columns, row);
    const rows = incomplete.get(key) ?? [];
    rows.push({ number: row.number, cells: row.cells });
    rowsHeld += 1;
    if (rows.length < (rowsOfGroup.get(key) ?? 0)) {
      incomplete.set(key, rows);
      if (rowsHeld > rowsHeldMax) throw tooScattered(row.number);
      continue;
    }
    incomplete.delete(key);
    rowsHeld -= rows.length;
    const handle = key.startsWith(rowKeyPrefix) ? '' : key;
    yield { key, group: { handle, rows }, rowsRead, bytesRead: row.bytesRead } satisfies GroupRead;
  }
}

// No slug begins with a space: the key of a row without handle never meets one with.
const rowKeyPrefix = ' row ';

function groupKey(columns: Columns, row: CsvRow): string {
  const handle = slugOf(row.cells[columns.indexOf.get('handle') ?? -1] ?? '');
  return handle === '' ? `${rowKeyPrefix}${row.number}` : handle;
}

/** The header by the first separator that makes a product file of it. */
async function headerOf(open: OpenFile): Promise<{ columns: Columns; separator: string }> {
  const failed: { name: string; cells: number; problem: string }[] = [];
  for (const { character, name } of separators) {
    const cells = await firstRow(open, character);
    if (cells === undefined) {
      throw new FileUnreadableError('The file is empty.', { row: 1, code: 'INVALID' });
    }
    const columns: Columns | HeaderProblem = columnsOf(cells);
    if (!('problem' in columns)) return { columns, separator: character };
    failed.push({ name, cells: cells.length, problem: columns.problem });
  }
  const [likeliest] = failed.sort((one, other) => other.cells - one.cells);
  const message = `${likeliest!.problem} The file was read as separated by ${likeliest!.name}.`;
  throw new FileUnreadableError(message, { row: 1, code: 'INVALID' });
}

async function firstRow(open: OpenFile, separator: string): Promise<readonly string[] | undefined> {
  for await (const { cells } of rowsOf(open, separator)) return cells;
  return undefined;
}

function tooScattered(row: number): FileUnreadableError {
  const message = `More than ${rowsHeldMax} rows wait for the rest of their product; sort the file by handle.`;
  return new FileUnreadableError(message, { row, code: 'INVALID' });
}

/** Every record that is not blank, streamed; a byte-order mark, CRLF and quoted newlines are read. */
async function* rowsOf(open: OpenFile, separator: string): AsyncGenerator<SourceRow> {
  const file = open();
  const parser = parse({
    bom: true,
    delimiter: separator,
    info: true,
    // Spreadsheets drop empty cells at the end; a surplus of cells is reported with its row.
    relax_column_count: true,
    // A bare inch mark (7" chain) is text; a quote that tears a row apart shows as surplus cells.
    relax_quotes: true,
    max_record_size: recordBytesMax,
  });
  // pipe() passes no error on: without this a file that cannot be opened would be waited for for ever.
  file.on('error', (err) => parser.destroy(err));
  file.pipe(parser);
  let number = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { bytes: number };
    }>) {
      number += 1;
      if (record.every((cell) => cell.trim() === '')) continue;
      yield { number, cells: record, bytesRead: info.bytes };
    }
  } catch (err) {
    throw readError(err);
  } finally {
    file.destroy();
    parser.destroy();
  }
}

function readError(err: unknown): unknown {
  if (!(err instanceof CsvError)) return err;
  // The parser's own count: rows that it read ahead of us are dropped when it fails.
  const row = Number(err['records']) + 1;
  const isQuote = err.code === 'CSV_QUOTE_NOT_CLOSED' || err.code === 'CSV_MAX_RECORD_SIZE';
  if (!isQuote) return new FileUnreadableError(err.message, { row, code: 'INVALID' });
  const message = `A quotation mark that is opened in row ${row} is never closed; the file cannot be read on from there.`;
  return new FileUnreadableError(message, { row, code: 'QUOTE_NOT_CLOSED' });
}
