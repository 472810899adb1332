import type { Connection } from '@onecount/graphql';
import type { Period, ReportFilter } from './report-period.ts';

/** What was asked for; its figures are read when they are. */
export type ReportRequest = Period & { groupBy: string; filter: ReportFilter };

/** Of one currency. */
export type SalesFigures = {
  currencyCode: string;
  sales: number;
  returns: number;
  pieces: number;
  returnedPieces: number;
  grossMinor: number;
  discountMinor: number;
  soldMinor: number;
  returnedMinor: number;
};
/** A group: key '' for what has none. */
export type Group = { key: string; label: string | null };
export type SalesRow = Group & SalesFigures;
export type SalesRowConnection = Connection<SalesRow>;

/** Half a minor unit up; null where nothing was sold. */
export function averageOf({ soldMinor, sales }: SalesFigures): number | null {
  if (sales === 0) return null;
  return Number((2n * BigInt(soldMinor) + BigInt(sales)) / (2n * BigInt(sales)));
}
