import { csvLine, protectedCell } from '@onecount/service';
import { decimalOf } from '@onecount/money';
import type { CommissionRow } from '../commission/commission.ts';
import { percentText } from '../discount/percent.ts';
import {
  marginOf,
  marginPercentOf,
  sellThroughPercentOf,
  type MarginRow,
} from './margin-report.ts';
import { averageOf, type SalesRow } from './sales-report.ts';
import type { SellThroughRow } from './sell-through.sql.ts';
import type { TenderFigures } from './tender-report.sql.ts';

/** A column of a file: its name, and its cell of a row. */
export type Column<Row> = readonly [name: string, cell: (row: Row) => string];
type InCurrency = { currencyCode: string };

/** Words of people, which no spreadsheet runs as a formula. */
export const text =
  <Row>(of: (row: Row) => string | null) =>
  (row: Row): string =>
    protectedCell(of(row) ?? '');
export const count =
  <Row>(of: (row: Row) => number) =>
  (row: Row): string =>
    String(of(row));
/** An amount stands as the graph says it; its sign is no formula. */
export const amount =
  <Row extends InCurrency>(of: (row: Row) => number | null) =>
  (row: Row): string => {
    const amountMinor = of(row);
    return amountMinor === null ? '' : decimalOf({ amountMinor, currencyCode: row.currencyCode });
  };
export const currency = ({ currencyCode }: InCurrency): string => currencyCode;

export const headerOf = <Row>(columns: readonly Column<Row>[]): string =>
  csvLine(columns.map(([name]) => name));
export const rowOf = <Row>(columns: readonly Column<Row>[], row: Row): string =>
  csvLine(columns.map(([, cell]) => cell(row)));

export const salesColumns: readonly Column<SalesRow>[] = [
  ['Group', text(({ key }) => key)],
  ['Name', text(({ label }) => label)],
  ['Currency', currency],
  ['Sales', count(({ sales }) => sales)],
  ['Returns', count(({ returns }) => returns)],
  ['Pieces', count(({ pieces }) => pieces)],
  ['Pieces returned', count(({ returnedPieces }) => returnedPieces)],
  ['Gross', amount(({ grossMinor }) => grossMinor)],
  ['Discounts', amount(({ discountMinor }) => discountMinor)],
  ['Sold', amount(({ soldMinor }) => soldMinor)],
  ['Returned', amount(({ returnedMinor }) => returnedMinor)],
  ['Net', amount(({ soldMinor, returnedMinor }) => soldMinor - returnedMinor)],
  ['Average sale', amount(averageOf)],
];

export const tenderColumns: readonly Column<TenderFigures>[] = [
  ['Tender', text(({ kind }) => kind)],
  ['Currency', currency],
  ['Payments', count(({ payments }) => payments)],
  ['Received', amount(({ receivedMinor }) => receivedMinor)],
  ['Change', amount(({ changeMinor }) => changeMinor)],
  ['Refunds', count(({ refunds }) => refunds)],
  ['Refunded', amount(({ refundedMinor }) => refundedMinor)],
  [
    'Net',
    amount(
      ({ receivedMinor, changeMinor, refundedMinor }) =>
        receivedMinor - changeMinor - refundedMinor,
    ),
  ],
];

export const marginColumns: readonly Column<MarginRow>[] = [
  ['Group', text(({ key }) => key)],
  ['Name', text(({ label }) => label)],
  ['Currency', currency],
  ['Pieces', count(({ pieces }) => pieces)],
  ['Pieces without cost', count(({ piecesWithoutCost }) => piecesWithoutCost)],
  ['Net', amount(({ netMinor }) => netMinor)],
  ['Net without cost', amount(({ netWithoutCostMinor }) => netWithoutCostMinor)],
  ['Cost', amount(({ costMinor }) => costMinor)],
  ['Margin', amount(marginOf)],
  ['Margin percent', (row) => marginPercentOf(row) ?? ''],
];

export const sellThroughColumns: readonly Column<SellThroughRow>[] = [
  ['SKU', text(({ sku }) => sku)],
  ['Received', count(({ received }) => received)],
  ['Sold', count(({ sold }) => sold)],
  ['Returned', count(({ returned }) => returned)],
  ['Percent', (row) => sellThroughPercentOf(row) ?? ''],
];

export const commissionColumns: readonly Column<CommissionRow>[] = [
  ['Salesperson', text(({ salesperson }) => salesperson)],
  ['Currency', currency],
  ['Basis', ({ basis }) => basis ?? ''],
  ['Percent', ({ basisPoints }) => (basisPoints === null ? '' : percentText(basisPoints))],
  ['Net', amount(({ netMinor }) => netMinor)],
  ['Net without cost', amount(({ netWithoutCostMinor }) => netWithoutCostMinor)],
  ['Base', amount(({ baseMinor }) => baseMinor)],
  ['Commission', amount(({ commissionMinor }) => commissionMinor)],
];
