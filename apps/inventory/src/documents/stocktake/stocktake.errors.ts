import { refuse } from '@onecount/refusal';
import type { StocktakeStatus } from './stocktake.ts';

const words: Record<StocktakeStatus, string> = {
  COUNTING: 'is being counted',
  REVIEW: 'is under review',
  POSTED: 'was posted',
  CANCELLED: 'was cancelled',
};

export function stocktakeNotOpen(status: StocktakeStatus) {
  const message = `The stocktake ${words[status]}: nothing of it changes any more.`;
  return refuse('StocktakeNotOpen', 'STOCKTAKE_NOT_OPEN', message, { status });
}

export function stocktakeNotReviewed(status: StocktakeStatus) {
  const message = 'Review the stocktake first: scans came in since, or none was made.';
  return refuse('StocktakeNotReviewed', 'STOCKTAKE_NOT_REVIEWED', message, { status });
}

export function stocktakeSalesInFlight(saleIds: string[]) {
  const message = `${saleIds.length} sales claimed before a scan are being written; ask again in a moment.`;
  return refuse('StocktakeSalesInFlight', 'STOCKTAKE_SALES_IN_FLIGHT', message, { saleIds });
}

export type BlockedLine = {
  stockItemId: string;
  sku: string;
  serialUnitId: string | null;
  reason: 'NEEDS_RECOUNT' | 'HELD' | 'UNIT_CHANGED';
  change: number | null;
  available: number | null;
};

const reasons: Record<BlockedLine['reason'], string> = {
  NEEDS_RECOUNT: 'something moved while it was counted',
  HELD: 'more of it is held than would be left',
  UNIT_CHANGED: 'it was changed by somebody else just now',
};

export function stocktakeLinesBlocked(count: number, lines: BlockedLine[]) {
  const first = lines[0];
  const why = first ? `; ${first.sku}: ${reasons[first.reason]}` : '';
  const message = `${count} lines cannot be posted${why}.`;
  return refuse('StocktakeLinesBlocked', 'STOCKTAKE_LINES_BLOCKED', message, { count, lines });
}
