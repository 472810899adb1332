import { isCurrencyCode, type Money } from '@onecount/money';
import {
  checkKey,
  checkText,
  firstOf,
  invalidInput,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import { currencyMismatch, type CurrencyMismatch } from '../sale/sale.errors.ts';
import { amountOf } from '../sale/sale.input.ts';
import { daysBetween, daysMax, priceOf, type DepositKind } from './rental.ts';

export type RentalBookInput = {
  customerId: string;
  sku: string;
  serial: string;
  from: Date | string;
  until: Date | string;
  price: Money;
  pricePer?: 'DAY' | 'PERIOD' | null;
  lateFeePerDay?: Money | null;
  note?: string | null;
  idempotencyKey: string;
};
export type RentalDepositInput = {
  kind: DepositKind;
  amount: Money;
  reference?: string | null;
  registerId?: string | null;
};
export type RentalOutInput = {
  rentalId: string;
  saleId?: string | null;
  deposit?: RentalDepositInput | null;
  note?: string | null;
  idempotencyKey: string;
};
export type RentalBackInput = {
  rentalId: string;
  backAt?: Date | string | null;
  damageFee?: Money | null;
  note?: string | null;
  registerId?: string | null;
  idempotencyKey: string;
};
export type RentalCancelInput = { rentalId: string; idempotencyKey: string };

const textLength = { min: 1, max: 255 };
const noteLength = { max: 500 };

/** When and for how much, or what is wrong with it by itself. */
export function readBooking(input: RentalBookInput) {
  const [from, until] = [new Date(input.from), new Date(input.until)];
  const { currencyCode } = input.price;
  const days = daysBetween(from, until);
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    checkText('sku', input.sku, textLength),
    checkText('serial', input.serial, textLength),
    checkFreeText('note', input.note?.trim(), noteLength),
    days === 0 || days > daysMax
      ? invalidInput('until', `A period is of 1 to ${daysMax} days.`, until.toISOString())
      : undefined,
    isCurrencyCode(currencyCode)
      ? undefined
      : invalidInput('price', 'This is no currency of ISO 4217.', currencyCode),
  );
  if (invalid) return invalid;
  const price = readAmount('price', input.price, currencyCode);
  if (isRefusal(price)) return price;
  const lateDayMinor = readAmount('lateFeePerDay', input.lateFeePerDay, currencyCode);
  if (isRefusal(lateDayMinor)) return lateDayMinor;
  const priceMinor = priceOf({ from, until }, { minor: price, per: input.pricePer ?? 'PERIOD' });
  return { from, until, currencyCode, priceMinor, lateDayMinor };
}

/** Of the rental's currency; 0 for what is left out. */
export function readAmount(
  field: string,
  amount: Money | null | undefined,
  currencyCode: string,
): number | InvalidInput | CurrencyMismatch {
  if (!amount) return 0;
  if (amount.currencyCode !== currencyCode)
    return currencyMismatch({ expected: currencyCode, actual: amount.currencyCode });
  const parsed = amountOf(field, amount);
  return parsed.ok ? parsed.minor : parsed.refusal;
}

export function checkOut({ deposit, note, idempotencyKey }: RentalOutInput) {
  const reference = deposit?.reference?.trim();
  return firstOf(
    checkKey(idempotencyKey),
    checkFreeText('note', note?.trim(), noteLength),
    checkFreeText('deposit.reference', reference, textLength),
    deposit?.kind === 'CARD' && !reference
      ? invalidInput('deposit.reference', 'A deposit by card has the reference of the terminal.')
      : undefined,
    deposit?.kind === 'CASH' && !deposit.registerId
      ? invalidInput('deposit.registerId', 'A deposit in cash is in the drawer of a till.')
      : undefined,
  );
}

export function checkBack({ backAt, damageFee, note, idempotencyKey }: RentalBackInput, now: Date) {
  const at = backAt ? new Date(backAt) : now;
  return firstOf(
    checkKey(idempotencyKey),
    checkFreeText('note', note?.trim(), noteLength),
    at > now ? invalidInput('backAt', 'It did not come back yet.', at.toISOString()) : undefined,
    damageFee && !note?.trim() ? invalidInput('note', 'Damage is described.') : undefined,
  );
}
