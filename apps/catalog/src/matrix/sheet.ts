import { CsvError, parse } from 'csv-parse/sync';
import { invalidInput, type InvalidInput } from '@onecount/refusal';
import type { VariantRowInput } from '../generated/resolver-types.ts';

type Name = keyof VariantRowInput;
/** What a header may be called, without case, blanks and signs; the words of Shopify's file among them. */
const headers: Record<string, Name> = {
  ...{ sku: 'sku', variantsku: 'sku', newsku: 'newSku' },
  ...{ price: 'price', variantprice: 'price' },
  ...{ compareatprice: 'compareAtPrice', variantcompareatprice: 'compareAtPrice' },
  ...{ cost: 'cost', costperitem: 'cost', barcode: 'barcode', variantbarcode: 'barcode' },
  ...{ stockcode: 'stockCode', weightg: 'weightGrams', weightgrams: 'weightGrams' },
  ...{ variantgrams: 'weightGrams', active: 'isActive', isactive: 'isActive' },
  ...{ taxcode: 'taxCode', varianttaxcode: 'taxCode' },
  ...{ position: 'position', image: 'imageUrl', imageurl: 'imageUrl', variantimage: 'imageUrl' },
};
const truths: Record<string, boolean> = {
  ...{ true: true, yes: true, '1': true, false: false, no: false, '0': false },
};

export type SheetRow = { row: number; given: VariantRowInput; problem?: InvalidInput };

/** The rows of a pasted sheet; `row` is the line that each begins in. An unreadable text is refused as a whole. */
export function sheetRows(text: string): SheetRow[] | InvalidInput {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  const delimiter = ['\t', ';', ','].find((sign) => first.includes(sign)) ?? '\t';
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      ...{ delimiter, bom: true, info: true, trim: true, skip_empty_lines: true },
    }) as unknown as typeof records;
  } catch (err) {
    if (err instanceof CsvError) return invalidInput('sheet', `${err.message}.`);
    throw err;
  }
  const [header, ...lines] = records;
  const columns = columnsOf(header?.record ?? []);
  if (!Array.isArray(columns)) return columns;
  return lines.map(({ record, info }) => rowOf(columns, record, info.lines));
}

function columnsOf(titles: readonly string[]): Name[] | InvalidInput {
  const columns: Name[] = [];
  for (const title of titles) {
    const name = headers[title.toLowerCase().replace(/[^a-z0-9]/g, '')];
    if (name === undefined) return invalidInput('sheet', `No column is called "${title}".`, title);
    if (columns.includes(name)) return invalidInput('sheet', `Two columns are ${title}.`, title);
    columns.push(name);
  }
  if (columns.includes('sku')) return columns;
  return invalidInput('sheet', 'The first line names the columns, SKU among them.', titles[0]);
}

function rowOf(columns: readonly Name[], cells: readonly string[], row: number): SheetRow {
  const given: Record<string, unknown> = {};
  for (const [index, name] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    const value = valueOf(name, cell);
    if (value === undefined) {
      const wanted = name === 'isActive' ? 'true or false' : 'a whole number';
      const problem = invalidInput(name, `"${cell}" is not ${wanted}.`, cell);
      return { row, given: given as VariantRowInput, problem };
    }
    given[name] = value;
  }
  return { row, given: given as VariantRowInput };
}

function valueOf(name: Name, cell: string): string | number | boolean | undefined {
  if (name === 'isActive') return truths[cell.toLowerCase()];
  if (name !== 'weightGrams' && name !== 'position') return cell;
  return /^\d{1,9}$/.test(cell) ? Number(cell) : undefined;
}
