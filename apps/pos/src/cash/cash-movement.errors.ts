import { decimalOf, moneyOf } from '@onecount/money';
import { refuse } from '@onecount/refusal';
import type { Amount } from './cash-movement.ts';

/** `availableMinor` null: the caller may not know it before the drawer is counted (ADR 0312). */
export function insufficientCash(
  registerId: string,
  { minor: amountMinor, currencyCode }: Amount,
  availableMinor: number | null,
) {
  const requested = moneyOf({ amountMinor, currencyCode });
  const available =
    availableMinor === null ? null : moneyOf({ amountMinor: availableMinor, currencyCode });
  const known = available ? `, it holds ${available.amount}` : '';
  const message = `The drawer does not hold ${requested.amount} ${currencyCode}${known}.`;
  const data = { registerId, requested, available };
  return refuse('InsufficientCash', 'INSUFFICIENT_CASH', message, data);
}

export function otherDrawerCurrency(expected: string, { minor, currencyCode }: Amount) {
  const amount = decimalOf({ amountMinor: minor, currencyCode });
  const message = `The drawer is counted in ${expected}, the amount is ${amount} ${currencyCode}.`;
  const data = { expected, actual: currencyCode };
  return refuse('CurrencyMismatch', 'CURRENCY_MISMATCH', message, data);
}
