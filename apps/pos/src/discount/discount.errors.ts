import { decimalOf, moneyOf } from '@onecount/money';
import { refuse } from '@onecount/refusal';
import type { Sale } from '../sale/sale.ts';
import { priceUnder, type DiscountMeeting, type SaleDiscount } from './discount.ts';
import { percentText } from './percent.ts';

const meetingWords: Record<DiscountMeeting, string> = {
  LINE_AND_LINE: 'A line has one discount of its own.',
  LINE_AND_SALE: 'A line with a discount of its own has none of the whole sale.',
  SALE_AND_SALE: 'A sale has one discount on the whole of it.',
  MANUAL_AND_PROMOTION: 'A promotion does not go with a discount that is given by hand.',
  PROMOTION_AND_PROMOTION: 'A sale has one promotion.',
};

export function discountNotCombinable(meeting: DiscountMeeting, other: SaleDiscount) {
  const data = { meeting, discountId: other.id };
  return refuse('DiscountNotCombinable', 'DISCOUNT_NOT_COMBINABLE', meetingWords[meeting], data);
}

export function discountOverLimit(limitBasisPoints: number) {
  const limitPercent = percentText(limitBasisPoints);
  const message = `That is more than the ${limitPercent} % that may be given without \`register:manage\`.`;
  return refuse('DiscountOverLimit', 'DISCOUNT_OVER_LIMIT', message, { limitPercent });
}

export function discountExceedsPrice(sale: Sale, discount: SaleDiscount) {
  const { currencyCode } = sale;
  const priceMinor = priceUnder(sale, discount);
  const price = moneyOf({ amountMinor: priceMinor, currencyCode });
  const asked = discount.askedMinor ?? priceMinor;
  const text = decimalOf({ amountMinor: asked, currencyCode });
  const message = `${text} ${currencyCode} cannot be taken off ${price.amount} with the other discounts: no price is below zero.`;
  const data = { price, discountId: discount.id };
  return refuse('DiscountExceedsPrice', 'DISCOUNT_EXCEEDS_PRICE', message, data);
}

export function discountReasonUnknown(reasons: string[]) {
  const message = `The reason is one of the shop's list: ${reasons.join(', ')}.`;
  return refuse('DiscountReasonUnknown', 'DISCOUNT_REASON_UNKNOWN', message, { reasons });
}
