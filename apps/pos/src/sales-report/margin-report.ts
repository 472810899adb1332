import type { Connection } from '@onecount/graphql';
import type { Group, ReportRequest } from './sales-report.ts';

export type MarginRequest = ReportRequest;

/** Of one currency; returns count below zero. */
export type MarginFigures = {
  currencyCode: string;
  pieces: number;
  piecesWithoutCost: number;
  netMinor: number;
  netWithoutCostMinor: number;
  costMinor: number;
};
export type MarginRow = Group & MarginFigures;
export type MarginRowConnection = Connection<MarginRow>;

/** Of what has a known cost alone: what has none would be all profit. */
export function marginOf({ netMinor, netWithoutCostMinor, costMinor }: MarginFigures): number {
  return netMinor - netWithoutCostMinor - costMinor;
}

/** Margin in percent of what was sold of a known cost, with two decimals, half a hundredth away from zero; null of nothing. */
export function marginPercentOf(figures: MarginFigures): string | null {
  const sold = BigInt(figures.netMinor - figures.netWithoutCostMinor);
  return sold <= 0n ? null : percentOf(BigInt(marginOf(figures)), sold);
}

/** `part` of `whole` above zero, in percent with two decimals. */
export function percentOf(part: bigint, whole: bigint): string {
  const isBelow = part < 0n;
  const hundredths = ((isBelow ? -part : part) * 20_000n + whole) / (2n * whole);
  const digits = hundredths.toString().padStart(3, '0');
  const sign = isBelow && hundredths > 0n ? '-' : '';
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Null where nothing came in. */
export function sellThroughPercentOf(of: {
  received: number;
  sold: number;
  returned: number;
}): string | null {
  return of.received === 0 ? null : percentOf(BigInt(of.sold - of.returned), BigInt(of.received));
}
