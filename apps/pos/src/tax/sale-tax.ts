import { sumMinor } from '@onecount/money';
import type { Sale, SaleLine } from '../sale/sale.ts';
import { addedMinor, cashRounding, taxesOf, type LineTax } from './tax.ts';

// Tax and cash rounding of a sale as a whole; pure.

/** Written with the intent and never again: what a sale owes, and of what tax. */
export type FixedTax = { totalMinor: number; roundingMinor: number; taxes: LineTax[] };

// Every line of a sale that is shown asks for its own part.
const reckoned = new WeakMap<Sale, LineTax[]>();

/** What it was taxed with; of a basket, what it would be now. */
export function taxesNow(sale: Sale): LineTax[] {
  const { taxTerms, taxes, lines } = sale;
  if (taxTerms === null) return taxes;
  // A gift card is money: what it buys is taxed.
  const goods = lines.filter(({ giftCardId }) => !giftCardId);
  const known = reckoned.get(sale) ?? taxesOf(taxTerms, goods);
  reckoned.set(sale, known);
  return known;
}

/** What the buyer owes; of a basket as it would be now, without what cash is rounded by. */
export const owedTotal = (sale: Sale): number =>
  sale.taxTerms === null
    ? sale.totalMinor
    : sumMinor([sale.totalMinor, addedMinor(taxesNow(sale))]);

type Given = { kind: string; amountMinor: number };

/**
 * What a basket owes when it is paid like this. Cash pays what other tenders leave, so that is what is rounded; at a till
 * alone, where there is a drawer. Null: nothing is taxed and nothing rounded.
 */
export function fixedTax(sale: Sale, tenders: readonly Given[]): FixedTax | null {
  const { taxTerms, registerId, currencyCode } = sale;
  if (taxTerms === null) return null;
  const dueMinor = owedTotal(sale);
  const isCash = ({ kind }: Given) => kind === 'CASH';
  const isRounded = registerId !== null && tenders.some(isCash);
  const others = tenders.filter((tender) => !isCash(tender)).map(({ amountMinor }) => amountMinor);
  const roundingMinor = isRounded
    ? cashRounding(dueMinor - sumMinor(others), taxTerms.cashSteps[currencyCode])
    : 0;
  return { totalMinor: dueMinor + roundingMinor, roundingMinor, taxes: taxesNow(sale) };
}

export const taxesOfLine = (sale: Sale, lineId: string): LineTax[] =>
  taxesNow(sale).filter((tax) => tax.lineId === lineId);

/** What was paid for a line, with the tax that came on top of it. */
export const paidForLine = (sale: Sale, line: SaleLine): number =>
  line.totalMinor + addedMinor(taxesOfLine(sale, line.id));

/** Tax of a margin is for the books alone: whoever knows it knows what the piece was bought for. */
export const isShown = ({ scheme }: Pick<LineTax, 'scheme'>): boolean => scheme !== 'MARGIN';
