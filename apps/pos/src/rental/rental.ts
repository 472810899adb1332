import { timesQuantity } from '@onecount/money';

// Periods, prices and fees of units that are let; pure.

export type RentalStatus = 'BOOKED' | 'OUT' | 'BACK' | 'CANCELLED' | 'CONFLICT';
export type DepositKind = 'CASH' | 'CARD';
export type Rental = {
  id: string;
  version: number;
  status: RentalStatus;
  customerId: string;
  stockItemId: string;
  sku: string;
  title: string;
  serialUnitId: string;
  serial: string | null;
  from: Date;
  until: Date;
  currencyCode: string;
  priceMinor: number;
  lateDayMinor: number;
  note: string | null;
  bookedBy: string;
  bookedAt: Date;
  saleId: string | null;
  outNote: string | null;
  outAt: Date | null;
  depositMinor: number;
  depositKind: DepositKind | null;
  backNote: string | null;
  backAt: Date | null;
  lateMinor: number | null;
  damageMinor: number | null;
  depositBackMinor: number | null;
  conflictSaleId: string | null;
  /** Which attempt to go out inventory knows it by; 0 before the first. */
  attempt: number;
  /** Since when inventory may keep the unit for an attempt that is over. */
  settleAfter: Date | null;
  /** Of the begin, with microseconds, for the cursor. */
  position: string;
};

const dayMs = 86_400_000;
export const daysMax = 366;

/** Days that have begun: 24 hours each, by no calendar. */
export const daysBetween = (from: Date, until: Date): number =>
  Math.max(0, Math.ceil((until.getTime() - from.getTime()) / dayMs));

/** What the period costs, in minor units. */
export function priceOf(
  { from, until }: { from: Date; until: Date },
  { minor, per }: { minor: number; per: 'DAY' | 'PERIOD' },
): number {
  return per === 'DAY' ? timesQuantity(minor, daysBetween(from, until)) : minor;
}

export type Settlement = { lateMinor: number; damageMinor: number; depositBackMinor: number };

/** The fees, and what of the deposit is left after them. */
export function settlementOf(
  { until, lateDayMinor, depositMinor }: Pick<Rental, 'until' | 'lateDayMinor' | 'depositMinor'>,
  { backAt, damageMinor }: { backAt: Date; damageMinor: number },
): Settlement {
  const lateMinor = timesQuantity(lateDayMinor, daysBetween(until, backAt));
  return {
    lateMinor,
    damageMinor,
    depositBackMinor: Math.max(0, depositMinor - lateMinor - damageMinor),
  };
}

/** What the fees come to beyond the deposit. */
export function dueOf(
  { lateMinor, damageMinor }: Pick<Settlement, 'lateMinor' | 'damageMinor'>,
  depositMinor: number,
): number {
  return Math.max(0, lateMinor + damageMinor - depositMinor);
}
