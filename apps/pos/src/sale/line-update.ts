import { invalidInput, isRefusal, type InvalidInput } from '@onecount/refusal';
import { givenPrice } from '../discount/own-price.ts';
import { isAmount, ownPriceOf } from './line-price.ts';
import type { CurrencyMismatch } from './sale.errors.ts';
import type { SaleLineUpdateInput } from './sale.input.ts';
import { undiscounted, type Sale, type SaleLine } from './sale.ts';

type Change = Pick<SaleLineUpdateInput, 'quantity' | 'unitPrice' | 'priceReason' | 'note'>;

/**
 * The line as it is to be, or why not. What is not given stays: a line keeps the price that it was added for, whatever the
 * price book says by now. A note of blanks takes the note away.
 */
export function changedLine(
  sale: Sale,
  line: SaleLine,
  { quantity, unitPrice, priceReason, note }: Change,
  subject: string,
): SaleLine | InvalidInput | CurrencyMismatch {
  const wanted = { ...line, quantity: quantity ?? line.quantity };
  if (line.serialUnitId && wanted.quantity !== 1)
    return invalidInput('quantity', 'A named piece is sold once.', quantity);
  if (line.giftCardId && wanted.quantity !== 1)
    return invalidInput('quantity', 'A gift card is sold once.', quantity);
  if (unitPrice) {
    const own = ownPriceOf(unitPrice, sale);
    if (isRefusal(own)) return own;
    wanted.unitPriceMinor = own;
    Object.assign(wanted, givenPrice({ unitPrice, priceReason }, subject));
  }
  if (note !== undefined && note !== null) wanted.note = note.trim() || null;
  const others = sale.totalMinor - line.totalMinor;
  const whole = { ...wanted, ...undiscounted(wanted) };
  return isAmount(others + whole.totalMinor)
    ? whole
    : invalidInput('quantity', 'The sale would come to more than an amount can be.', quantity);
}
