import type { Money } from '@onecount/money';
import {
  checkId,
  checkKey,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import { ownPriceOf } from '../sale/line-price.ts';
import type { CurrencyMismatch } from '../sale/sale.errors.ts';
import { amountOf, linesMax } from '../sale/sale.input.ts';
import type { Sale } from '../sale/sale.ts';
import type { SaleDiscount } from './discount.ts';
import { basisPointsOf } from './percent.ts';

export type PercentOrAmount = { percent?: string | null; amount?: Money | null };
export type SaleDiscountGiveInput = PercentOrAmount & {
  saleId: string;
  lineId?: string | null;
  excludedLineIds?: string[] | null;
  reason: string;
  idempotencyKey: string;
};
export type SaleDiscountRemoveInput = {
  saleId: string;
  discountId: string;
  idempotencyKey: string;
};

export const reasonLength = { min: 1, max: 255 };

/** What is wrong with it by itself. */
export function checkGive(input: SaleDiscountGiveInput): InvalidInput | undefined {
  const excluded = input.excludedLineIds ?? [];
  return firstOf(
    checkKey(input.idempotencyKey),
    checkFreeText('reason', input.reason.trim(), reasonLength),
    isGiven(input.lineId) && excluded.length > 0
      ? invalidInput('excludedLineIds', 'Only a discount on the whole sale leaves lines out.')
      : undefined,
    excluded.length > linesMax
      ? invalidInput('excludedLineIds', `A sale has at most ${linesMax} lines.`, excluded.length)
      : undefined,
    ...excluded.map((id, index) => checkId(`excludedLineIds.${index}`, id)),
    checkPercentOrAmount(input),
  );
}

/** Exactly one of them, above zero. */
export function checkPercentOrAmount({ percent, amount }: PercentOrAmount) {
  if (isGiven(percent) === isGiven(amount))
    return invalidInput('percent', 'Give a percent or an amount.');
  if (isGiven(percent)) {
    return basisPointsOf(percent)
      ? undefined
      : invalidInput('percent', 'More than 0, at most 100, at most 2 decimals.', percent);
  }
  const parsed = amountOf('amount', amount!);
  if (!parsed.ok) return parsed.refusal;
  return parsed.minor === 0
    ? invalidInput('amount', 'A discount of nothing is none.', amount!.amount)
    : undefined;
}

/** What is asked for, of input that was checked, in the currency of the sale. */
export function askedOf(
  { percent, amount }: PercentOrAmount,
  sale: Pick<Sale, 'currencyCode'>,
): Pick<SaleDiscount, 'basisPoints' | 'askedMinor'> | CurrencyMismatch | InvalidInput {
  if (isGiven(percent)) return { basisPoints: basisPointsOf(percent)!, askedMinor: null };
  const minor = ownPriceOf(amount!, sale);
  return isRefusal(minor) ? minor : { basisPoints: null, askedMinor: minor };
}
