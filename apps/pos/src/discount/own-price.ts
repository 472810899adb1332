import type { Money } from '@onecount/money';
import { invalidInput, isGiven, type InvalidInput } from '@onecount/refusal';
import type { PriceEntry } from '../price/price.ts';
import { checkFreeText } from '../sale/free-text.ts';
import type { SaleLine } from '../sale/sale.ts';

// A price that the caller gives instead of the book's; pure.

/** Who may give one, by the tenant's setting. */
export type OwnPriceRule = 'ANYBODY' | 'WITH_REASON' | 'WITH_REASON_AND_SCOPE';
export type OwnPriceInput = { unitPrice?: Money | null; priceReason?: string | null };
export type Pricing = Pick<
  SaleLine,
  'listPriceMinor' | 'listPriceVersion' | 'priceReason' | 'priceGivenBy'
>;

export const unlisted: Pricing = {
  ...{ listPriceMinor: null, listPriceVersion: null, priceReason: null, priceGivenBy: null },
};

export function checkPriceReason(
  { unitPrice, priceReason }: OwnPriceInput,
  prefix = '',
): InvalidInput | undefined {
  if (!isGiven(priceReason)) return undefined;
  if (!unitPrice)
    return invalidInput(`${prefix}priceReason`, 'Without a unitPrice there is nothing to explain.');
  return checkFreeText(`${prefix}priceReason`, priceReason.trim(), { min: 1, max: 255 });
}

/** What the line keeps of how its price came about. */
export function pricingOf(
  entry: Pick<PriceEntry, 'priceMinor' | 'currencyCode' | 'version'>,
  input: OwnPriceInput,
  { currencyCode, subject }: { currencyCode: string; subject: string },
): Pricing {
  const isListed = entry.currencyCode === currencyCode;
  return {
    listPriceMinor: isListed ? entry.priceMinor : null,
    listPriceVersion: isListed ? (entry.version ?? null) : null,
    ...givenPrice(input, subject),
  };
}

/** Who gave a price and why, where one was given. */
export function givenPrice({ unitPrice, priceReason }: OwnPriceInput, subject: string) {
  return unitPrice
    ? { priceReason: priceReason?.trim() ?? null, priceGivenBy: subject }
    : { priceReason: null, priceGivenBy: null };
}
