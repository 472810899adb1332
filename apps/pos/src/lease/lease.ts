import type { Connection } from '@onecount/graphql';
import {
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  type InvalidInput,
} from '@onecount/refusal';
import { linesMax, quantityMax } from '../sale/sale.input.ts';
import type { Tracking } from '../sale/sale.ts';

export type LeaseLineInput = { sku: string; serial?: string | null; quantity?: number | null };
export type LeaseTakeInput = {
  registerId: string;
  device: string;
  lines: LeaseLineInput[];
  sellMinutes?: number | null;
  idempotencyKey: string;
};
export type LeaseLine = {
  id: string;
  stockItemId: string;
  variantId: string | null;
  sku: string;
  title: string;
  tracking: Tracking;
  serialUnitId: string | null;
  serial: string | null;
  quantity: number;
  priceMinor: number | null;
  currencyCode: string | null;
};
export type Lease = {
  id: string;
  registerId: string;
  device: string;
  takenBy: string;
  takenAt: Date;
  sellUntil: Date;
  heldUntil: Date;
  endedAt: Date | null;
  lines: LeaseLine[];
  /** With microseconds, for the cursor. */
  position: string;
};

export type LeasePage = Connection<Lease>;

/** For sales to arrive after the device has sold the last of them; with it a lease is a day at most, as a hold is. */
const arrivalSeconds = 3600;
const sellMinutesMax = 1380;
const textLength = { min: 1, max: 255 };

export const sellSecondsOf = ({ sellMinutes }: LeaseTakeInput): number => (sellMinutes ?? 480) * 60;
export const holdSecondsOf = (input: LeaseTakeInput): number =>
  sellSecondsOf(input) + arrivalSeconds;

export function checkTake(input: LeaseTakeInput): InvalidInput | undefined {
  const { lines } = input;
  return firstOf(
    checkKey(input.idempotencyKey),
    checkText('device', input.device.trim(), { min: 1, max: 60 }),
    checkWhole('sellMinutes', input.sellMinutes ?? 1, { min: 1, max: sellMinutesMax }),
    checkWhole('lines', lines.length, { min: 1, max: linesMax }),
    ...lines.flatMap(({ sku, serial, quantity }, index) => [
      checkText(`lines.${index}.sku`, sku, textLength),
      checkText(`lines.${index}.serial`, serial, textLength),
      checkWhole(`lines.${index}.quantity`, quantity ?? 1, {
        min: 1,
        max: serial ? 1 : quantityMax,
      }),
    ]),
  );
}

export type DeviceTimes = { deviceTime: string; soldAt: string };

/**
 * When a sale was made, by our clock: that of the device may be wrong, but it was as wrong when it sold as it is now.
 * Never before its lease and never in the future, whatever the device says: a clock that was set in between is no reason
 * to lose a sale.
 */
export function soldAtOf(
  { deviceTime, soldAt }: DeviceTimes,
  { takenAt, now }: { takenAt: Date; now: Date },
): Date {
  const corrected = now.getTime() - (Date.parse(deviceTime) - Date.parse(soldAt));
  return new Date(Math.min(Math.max(corrected, takenAt.getTime()), now.getTime()));
}

export function checkTimes({ deviceTime, soldAt }: DeviceTimes): InvalidInput | undefined {
  return Date.parse(soldAt) > Date.parse(deviceTime)
    ? invalidInput('soldAt', 'By its own clock the device has not sold this yet.', soldAt)
    : undefined;
}
