import { decimalOf, minorOf, MoneyError } from '@onecount/money';
import type { AmountChangeInput } from '../generated/resolver-types.ts';

/** All in minor units of one currency, none of them a float. */
export type Rounding = { step: bigint; ending: bigint; mode: 'NEAREST' | 'UP' | 'DOWN' };
export type Amounts = {
  currencyCode: string;
  priceMinor: number | null;
  compareAtPriceMinor: number | null;
  costMinor: number | null;
};
type Field = 'priceMinor' | 'compareAtPriceMinor' | 'costMinor';
const bases = {
  PRICE: 'priceMinor',
  COMPARE_AT_PRICE: 'compareAtPriceMinor',
  COST: 'costMinor',
} as const;

/** Why an amount cannot be changed so. */
export class AmountProblem extends Error {
  readonly value: string | undefined;
  constructor(message: string, value?: string) {
    super(message);
    this.value = value;
  }
}

const percentForm = /^(-?)(0|[1-9]\d{0,5})(?:\.(\d{1,4}))?$/;
const percentUnit = 1_000_000n; // One whole in ten-thousandths of a percent.
const smallest: Rounding = { step: 1n, ending: 0n, mode: 'NEAREST' };

/** The field after the change, in minor units; null for none. Throws AmountProblem. */
export function changedAmount(
  amounts: Amounts,
  field: Field,
  change: AmountChangeInput,
): number | null {
  const given = (['set', 'percent', 'amount'] as const).filter((name) => name in change);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    throw new AmountProblem('An amount changes by exactly one of set, percent and amount.');
  }
  const text = change[kind];
  if (text === null || text === undefined) {
    if (kind === 'set') return null;
    throw new AmountProblem(`${kind} is a number.`);
  }
  const { currencyCode } = amounts;
  const minor = (amount: string) => BigInt(minorAmount(amount, currencyCode));
  const rounding = roundingOf(change, minor);
  if (kind === 'set') return checked(rounded(minor(text), 1n, rounding), text);
  const base = amounts[change.of ? bases[change.of] : field];
  if (base === null) throw new AmountProblem('There is no amount to reckon from.');
  if (kind === 'amount') return checked(rounded(BigInt(base) + minor(text), 1n, rounding), text);
  const factor = percentUnit + percentOf(text);
  return checked(rounded(BigInt(base) * factor, percentUnit, rounding), text);
}

function percentOf(text: string): bigint {
  const match = percentForm.exec(text);
  const [, sign, whole = '', fraction = ''] = match ?? [];
  const value = match === null ? -1n : BigInt(whole + fraction.padEnd(4, '0'));
  const isIn = value >= 0n && value <= (sign === '-' ? percentUnit : 1_000n * percentUnit);
  if (!isIn) {
    throw new AmountProblem('Percent is from -100 to 100000, with at most 4 decimals.', text);
  }
  return sign === '-' ? -value : value;
}

function roundingOf(
  { rounding }: AmountChangeInput,
  minor: (amount: string) => bigint,
): Rounding | null {
  if (!rounding) return null;
  const step = minor(rounding.step);
  const ending = minor(rounding.ending ?? '0');
  if (step <= 0n) throw new AmountProblem('A rounding step is above zero.', rounding.step);
  if (ending < 0n || ending >= step) {
    throw new AmountProblem('An ending is not below zero, and below the step.', rounding.ending!);
  }
  return { step, ending, mode: rounding.mode ?? 'NEAREST' };
}

/**
 * numerator/denominator to the nearest of ending, ending + step, ending + 2 steps, …, exactly. What is not below zero
 * is not rounded below it: 0.20 with the ending 0.99 is 0.99.
 */
export function rounded(numerator: bigint, denominator: bigint, rule: Rounding | null): bigint {
  const { step, ending, mode } = rule ?? smallest;
  const over = numerator - ending * denominator;
  const unit = step * denominator;
  const below = floorDiv(over, unit);
  const rest = over - below * unit;
  const isUp = mode === 'UP' ? rest > 0n : mode === 'NEAREST' && rest * 2n >= unit;
  const result = ending + step * (isUp ? below + 1n : below);
  return result < 0n && numerator >= 0n ? ending : result;
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function checked(minor: bigint, text: string): number {
  if (minor < 0n) throw new AmountProblem('The result is below zero.', text);
  if (minor > 999_999_999_999_999n) throw new AmountProblem('The result is out of range.', text);
  return Number(minor);
}

function minorAmount(amount: string, currencyCode: string): number {
  try {
    return minorOf({ amount, currencyCode });
  } catch (err) {
    if (err instanceof MoneyError) throw new AmountProblem(`${err.message}.`, amount);
    throw err;
  }
}

export const shownAmount = (amountMinor: number | null, currencyCode: string | null) =>
  amountMinor === null || currencyCode === null ? null : decimalOf({ amountMinor, currencyCode });
