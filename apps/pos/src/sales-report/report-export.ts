import type { Database, Statement } from '@onecount/db';
import type { DownloadedFile } from '@onecount/service';
import { readCommissions } from '../commission/commission.sql.ts';
import { marginStatements } from './margin-report.sql.ts';
import {
  amount,
  commissionColumns,
  count,
  currency,
  headerOf,
  marginColumns,
  rowOf,
  salesColumns,
  sellThroughColumns,
  tenderColumns,
  text,
  type Column,
} from './report-csv.ts';
import { readGroups } from './report-groups.sql.ts';
import { daysOf } from './report-period.ts';
import { readLines, type SalesLine } from './sales-lines.sql.ts';
import { salesStatements } from './sales-report.sql.ts';
import type { Group, ReportRequest } from './sales-report.ts';
import { readSellThrough } from './sell-through.sql.ts';
import { readTenders } from './tender-report.sql.ts';

/** What is in a file; the request stands in the address that was signed. */
export type ReportFileKind =
  'SALES' | 'MARGIN' | 'SELL_THROUGH' | 'COMMISSION' | 'TENDERS' | 'LINES';
export type ReportFile = ReportRequest & { kind: ReportFileKind; hasByteOrderMark: boolean };

const rowsAtOnce = 1_000;
// A page of groups is added up anew, and a page of lines is not: fewer, larger ones.
const groupsAtOnce = 10_000;

export function reportFile(db: Database, tenantId: string, file: ReportFile): DownloadedFile {
  const { kind, fromDate, toDate } = file;
  return {
    filename: `${kind.toLowerCase()}-${fromDate}-${toDate}.csv`,
    type: 'text/csv; charset=utf-8',
    pieces: piecesOf(db, tenantId, file),
  };
}

/** Written while it is read, from the rows as they are then: nothing of it is kept, and a page of it is in memory. */
async function* piecesOf(db: Database, tenantId: string, file: ReportFile): AsyncGenerator<string> {
  if (file.hasByteOrderMark) yield '\uFEFF';
  switch (file.kind) {
    case 'SALES':
      return yield* groupRows(db, tenantId, file, salesStatements, salesColumns);
    case 'MARGIN':
      return yield* groupRows(db, tenantId, file, marginStatements, marginColumns);
    case 'SELL_THROUGH':
      return yield* listRows(
        sellThroughColumns,
        (page) => db.read(tenantId, (tx) => readSellThrough(tx, file, page)),
        ({ sku }) => sku,
      );
    case 'COMMISSION':
      return yield* listRows(
        commissionColumns,
        (page) => db.read(tenantId, (tx) => readCommissions(tx, file, page)),
        ({ position }) => position,
      );
    case 'TENDERS':
      return yield* tenderRows(db, tenantId, file);
    case 'LINES':
      return yield* lineRows(db, tenantId, file);
  }
}

type Grouped = Group & { currencyCode: string };

async function* groupRows<Row extends Grouped>(
  db: Database,
  tenantId: string,
  file: ReportFile,
  statements: { rows: Statement },
  columns: readonly Column<Row>[],
) {
  yield headerOf(columns);
  for (let after: string[] | undefined, isMore = true; isMore;) {
    const page = { after, limit: groupsAtOnce };
    const rows = await db.read(tenantId, (tx) => readGroups<Row>(tx, statements, file, page));
    yield rows.map((row) => rowOf(columns, row)).join('');
    const last = rows.at(-1);
    after = last && [last.key, last.currencyCode];
    isMore = rows.length === groupsAtOnce;
  }
}

/** A list that is read behind the place of its last row. */
async function* listRows<Row>(
  columns: readonly Column<Row>[],
  read: (page: { after: string | undefined; limit: number }) => Promise<Row[]>,
  placeOf: (row: Row) => string,
) {
  yield headerOf(columns);
  for (let after: string | undefined, isMore = true; isMore;) {
    const rows = await read({ after, limit: groupsAtOnce });
    yield rows.map((row) => rowOf(columns, row)).join('');
    const last = rows.at(-1);
    after = last && placeOf(last);
    isMore = rows.length === groupsAtOnce;
  }
}

async function* tenderRows(db: Database, tenantId: string, file: ReportFile) {
  yield headerOf(tenderColumns);
  const rows = await db.read(tenantId, (tx) => readTenders(tx, file));
  yield rows.map((row) => rowOf(tenderColumns, row)).join('');
}

// Day by day: each page is sorted among the lines of a day and not among those of a year.
async function* lineRows(db: Database, tenantId: string, file: ReportFile) {
  yield headerOf(lineColumns);
  for (const day of daysOf(file)) {
    for (let after: SalesLine | undefined, isMore = true; isMore;) {
      const page = { day, filter: file.filter, after, limit: rowsAtOnce };
      const rows = await db.read(tenantId, (tx) => readLines(tx, page));
      yield rows.map((row) => rowOf(lineColumns, row)).join('');
      after = rows.at(-1);
      isMore = rows.length === rowsAtOnce;
    }
  }
}

const lineColumns: readonly Column<SalesLine>[] = [
  ['Kind', ({ isReturn }) => (isReturn ? 'RETURN' : 'SALE')],
  ['Number', text(({ number }) => number)],
  ['Sale', ({ saleId }) => saleId],
  ['At', ({ at }) => at.toISOString()],
  ['Local time', ({ localAt }) => localAt],
  ['Location', text(({ locationCode }) => locationCode)],
  ['Register', text(({ registerName }) => registerName)],
  ['Channel', text(({ channel }) => channel)],
  ['Cashier', text(({ cashier }) => cashier)],
  ['SKU', text(({ sku }) => sku)],
  ['Title', text(({ title }) => title)],
  ['Serial', text(({ serial }) => serial)],
  ['Category', text(({ category }) => category)],
  ['Vendor', text(({ vendor }) => vendor)],
  ['Quantity', count(({ quantity }) => quantity)],
  ['Gross', amount(({ totalMinor, discountMinor }) => totalMinor + discountMinor)],
  ['Discount', amount(({ discountMinor }) => discountMinor)],
  ['Total', amount(({ totalMinor }) => totalMinor)],
  ['Currency', currency],
];
