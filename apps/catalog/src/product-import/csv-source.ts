import { firstFree, slugOf } from '../product/product.ts';
import { columnsOf, type ColumnMapping, type Columns, type HeaderProblem } from './csv-columns.ts';
import type { RowGroup } from './csv-product.ts';
import { recordReader, type CsvRecord } from './csv-records.ts';
import type { CsvRow } from './csv-row.ts';
import { emptyFile, linesOf, textFormOf, type OpenFile, type TextForm } from './file-text.ts';
import { FileUnreadableError } from './file-unreadable.ts';
import { isJsonLines, jsonColumns, jsonRecordsOf } from './jsonl-rows.ts';
import { wooColumnsOf, wooNames } from './woo-columns.ts';

/** Rows kept while their product is not complete; only a file in wild disorder comes near. */
const rowsHeldMax = 200_000;
/** Rows of a list that are one transaction. */
const listRows = 250;

type SourceRow = CsvRow & { bytesRead: number };

// The comma is the format; spreadsheets in Europe write a semicolon, others a tab.
const separators = [
  { character: ',', name: 'commas' },
  { character: ';', name: 'semicolons' },
  { character: '\t', name: 'tabs' },
] as const;

/** How the text of a file is to be read; a file of JSON lines has no separator. */
export type FileForm = TextForm & { separator: string | null };

/** What the first pass over the file finds. */
export type Survey = {
  columns: Columns;
  form: FileForm;
  rowsTotal: number;
  /** Rows of each group, so that the second pass knows when a group is complete. */
  rowsOfGroup: Map<string, number>;
  names: GroupNames;
};

/**
 * Counts rows and products and reads the header. Two passes over the file cost little and buy exact
 * progress and products whose rows do not stand together. Throws FileUnreadableError.
 */
export async function survey(open: OpenFile, mapping?: ColumnMapping): Promise<Survey> {
  const { columns, form } = await headerOf(open, await textFormOf(open), mapping);
  let rowsTotal = 0;
  const counted = new Map<string, number>();
  const names = groupNames(columns);
  for await (const row of dataRowsOf(open, { form, columns })) {
    rowsTotal += 1;
    const key = groupKey(columns, row);
    names.see(key, row);
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const rowsOfGroup = new Map<string, number>();
  for (const [name, rows] of counted) {
    const key = names.keyOf(name);
    rowsOfGroup.set(key, (rowsOfGroup.get(key) ?? 0) + rows);
  }
  return { columns, form, rowsTotal, rowsOfGroup, names };
}

export type GroupRead = { key: string; group: RowGroup; rowsRead: number; bytesRead: number };

/** The groups in the order in which they become complete. Throws FileUnreadableError. */
export async function* groupsOf(open: OpenFile, surveyed: Survey) {
  const { columns, rowsOfGroup, names } = surveyed;
  const incomplete = new Map<string, CsvRow[]>();
  let rowsRead = 0;
  let rowsHeld = 0;
  for await (const row of dataRowsOf(open, surveyed)) {
    rowsRead += 1;
    const key = names.keyOf(groupKey(columns, row));
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
    const group = { handle: names.handleOf(key), rows: parentFirst(columns, rows) };
    yield { key, group, rowsRead, bytesRead } satisfies GroupRead;
  }
}

// No slug begins with a space: the key of a row without handle never meets one with.
const rowKeyPrefix = ' row ';

export const isList = ({ format }: Columns): boolean =>
  format === 'SKU_LIST' || format === 'SHOPIFY_INVENTORY';

function groupKey(columns: Columns, row: CsvRow): string {
  if (isList(columns)) return `${rowKeyPrefix}list ${Math.floor(row.number / listRows)}`;
  const index = columns.indexOf.get('handle') ?? columns.indexOf.get('title') ?? -1;
  const name = row.cells[index] ?? '';
  const key = columns.format === 'WOOCOMMERCE_PRODUCTS' ? name : slugOf(name);
  return key === '' ? `${rowKeyPrefix}${row.number}` : key;
}

/** The row that carries the product, wherever it stands among its variations. */
function parentFirst(columns: Columns, rows: CsvRow[]): CsvRow[] {
  if (columns.format !== 'WOOCOMMERCE_PRODUCTS') return rows;
  const kind = columns.indexOf.get('rowKind') ?? -1;
  const isVariation = ({ cells }: CsvRow) => Number(cells[kind] === 'VARIANT');
  return rows.toSorted((one, other) => isVariation(one) - isVariation(other));
}

type GroupNames = ReturnType<typeof groupNames>;

/**
 * The handle of each group. WooCommerce's file has none: its products are known by SKU or id, whichever the variations
 * use, and get their handle from the name, numbered in the order of the file.
 */
function groupNames(columns: Columns) {
  const aliases = new Map<string, string>();
  const handles = new Map<string, string>();
  const used = new Set<string>();
  const keyOf = (key: string) => aliases.get(key) ?? key;
  return {
    keyOf,
    see(key: string, { cells }: CsvRow): void {
      if (columns.format !== 'WOOCOMMERCE_PRODUCTS') return;
      const both = wooNames(cells, columns);
      if (both !== null) aliases.set(...both);
      const title = cells[columns.indexOf.get('title') ?? -1] ?? '';
      if (title === '' || handles.has(key)) return;
      const handle = firstFree(slugOf(title) || 'product', (name) => used.has(name));
      used.add(handle);
      handles.set(key, handle);
    },
    handleOf: (key: string): string =>
      key.startsWith(rowKeyPrefix) ? '' : (handles.get(key) ?? slugOf(key)),
  };
}

/** The header by the first separator that makes a product file of it. */
async function headerOf(
  open: OpenFile,
  text: TextForm,
  mapping: ColumnMapping | undefined,
): Promise<{ columns: Columns; form: FileForm }> {
  if (await isJsonLines(open, text)) {
    return { columns: jsonColumns, form: { ...text, separator: null } };
  }
  const failed: { name: string; cells: number; problem: string }[] = [];
  for (const { character: separator, name } of separators) {
    const form = { ...text, separator };
    const cells = await firstRow(open, form);
    if (cells === undefined) throw emptyFile();
    const columns: Columns | HeaderProblem = wooColumnsOf(cells) ?? columnsOf(cells, mapping);
    if (!('problem' in columns)) return { columns, form };
    failed.push({ name, cells: cells.length, problem: columns.problem });
  }
  const [likeliest] = failed.sort((one, other) => other.cells - one.cells);
  const message = `${likeliest!.problem} The file was read as separated by ${likeliest!.name}.`;
  throw new FileUnreadableError(message, { row: 1, code: 'INVALID' });
}

async function firstRow(
  open: OpenFile,
  form: TextForm & { separator: string },
): Promise<readonly string[] | undefined> {
  for await (const { cells } of rowsOf(open, form)) return cells;
  return undefined;
}

function tooScattered(row: number): FileUnreadableError {
  const message = `More than ${rowsHeldMax} rows wait for the rest of their product; sort the file by handle.`;
  return new FileUnreadableError(message, { row, code: 'INVALID' });
}

/** The rows below the header, with the cells of our fields in front where the file has other ones. */
async function* dataRowsOf(
  open: OpenFile,
  { form, columns }: Pick<Survey, 'form' | 'columns'>,
): AsyncGenerator<SourceRow> {
  const { separator } = form;
  if (separator === null) return yield* jsonRowsOf(open, form);
  let isHeader = true;
  for await (const row of rowsOf(open, { ...form, separator })) {
    if (isHeader) isHeader = false;
    else if (columns.translate === undefined) yield row;
    else yield { ...row, cells: [...columns.translate(row.cells), ...row.cells] };
  }
}

async function* jsonRowsOf(open: OpenFile, form: TextForm): AsyncGenerator<SourceRow> {
  let number = 0;
  for await (const { lines, bytesRead } of linesOf(open, form)) {
    for (const text of lines) {
      number += 1;
      if (text.trim() === '') continue;
      for (const record of jsonRecordsOf(text)) {
        yield { number, line: number, ...record, bytesRead };
      }
    }
  }
}

/** Every record that is not blank, streamed; a byte-order mark, CRLF and quoted newlines are read. */
async function* rowsOf(
  open: OpenFile,
  form: TextForm & { separator: string },
): AsyncGenerator<SourceRow> {
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
