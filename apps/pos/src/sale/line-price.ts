import { amountMinorMax, type Money } from '@onecount/money';
import type { InvalidInput } from '@onecount/refusal';
import { whyNotForSale, type PriceEntry } from '../price/price.ts';
import {
  currencyMismatch,
  notForSale,
  type CurrencyMismatch,
  type PriceRefusal,
} from './sale.errors.ts';
import { amountOf } from './sale.input.ts';

/** A line as far as its price goes; the caller's price is taken before the book's. */
export type PricedInput = { quantity?: number | null; unitPrice?: Money | null };

/** The price of one in minor units, or why it may not be sold so. `prefix` names the line in the refusal. */
export function priceOf(
  entry: PriceEntry,
  input: PricedInput,
  { currencyCode, prefix = '' }: { currencyCode: string; prefix?: string },
): number | PriceRefusal {
  const { unitPrice } = input;
  const reason = whyNotForSale(entry, { hasOwnPrice: Boolean(unitPrice) });
  if (reason) return notForSale({ sku: entry.sku, title: entry.title, reason });
  if (unitPrice) return ownPriceOf(unitPrice, { currencyCode, prefix });
  const actual = entry.currencyCode!;
  return actual === currencyCode
    ? entry.priceMinor!
    : currencyMismatch({ expected: currencyCode, actual });
}

/** Minor units of a price that the caller gives, in the currency of the sale. */
export function ownPriceOf(
  unitPrice: Money,
  { currencyCode, prefix = '' }: { currencyCode: string; prefix?: string },
): number | CurrencyMismatch | InvalidInput {
  const actual = unitPrice.currencyCode;
  if (actual !== currencyCode) return currencyMismatch({ expected: currencyCode, actual });
  const amount = amountOf(`${prefix}unitPrice`, unitPrice);
  return amount.ok ? amount.minor : amount.refusal;
}

/** A sale above what one amount can be could be stored, and then neither shown, paid nor given up. */
export function isAmount(totalMinor: number): boolean {
  return totalMinor <= amountMinorMax;
}
