import { exponentOf } from './currency.ts';
import { MoneyError } from './money.errors.ts';

/** What the graph speaks: a decimal string, never a float. */
export type Money = { amount: string; currencyCode: string };
/** What databases and events hold: integer minor units. */
export type MinorMoney = { amountMinor: number; currencyCode: string };

/** Largest single amount: ten trillion in a two-digit currency; sums of such amounts still fit 2^53. */
export const amountMinorMax = 999_999_999_999_999;

const decimal = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,18}))?$/;

/**
 * '4200.50', 'EUR' → 420050. Fewer decimals than the currency has are filled up, surplus ones are
 * accepted only when they are zeros. Throws MoneyError.
 */
export function minorOf({ amount, currencyCode }: Money): number {
  const exponent = requiredExponent(currencyCode);
  const match = decimal.exec(amount);
  if (!match) throw new MoneyError('FORMAT', amount);
  const [, sign, whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(exponent))) throw new MoneyError('PRECISION', amount);
  const digits = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
  if (digits > BigInt(amountMinorMax)) throw new MoneyError('RANGE', amount);
  const minor = Number(digits);
  return sign === '-' && minor !== 0 ? -minor : minor;
}

/** 420050, 'EUR' → '4200.50', always with the currency's number of decimals. Throws MoneyError. */
export function decimalOf({ amountMinor, currencyCode }: MinorMoney): string {
  const exponent = requiredExponent(currencyCode);
  if (!Number.isSafeInteger(amountMinor)) throw new MoneyError('RANGE', String(amountMinor));
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

export function moneyOf(minor: MinorMoney): Money {
  return { amount: decimalOf(minor), currencyCode: minor.currencyCode };
}

export function minorMoneyOf(money: Money): MinorMoney {
  return { amountMinor: minorOf(money), currencyCode: money.currencyCode };
}

/** Unit price × quantity in minor units; throws MoneyError RANGE instead of losing digits. */
export function timesQuantity(amountMinor: number, quantity: number): number {
  return safe(amountMinor * quantity);
}

/** Sum in minor units; throws MoneyError RANGE instead of losing digits. */
export function sumMinor(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => safe(sum + amount), 0);
}

function safe(amountMinor: number): number {
  if (!Number.isSafeInteger(amountMinor)) throw new MoneyError('RANGE', String(amountMinor));
  return amountMinor;
}

function requiredExponent(currencyCode: string): number {
  const exponent = exponentOf(currencyCode);
  if (exponent === undefined) throw new MoneyError('CURRENCY_UNKNOWN', currencyCode);
  return exponent;
}
