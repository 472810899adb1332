import type { LineOfSale, Sale, SaleLine } from '../sale/sale.ts';

// What discounts are, and what is decided about them before and after the database reckons them; pure.

export type DiscountKind = 'LINE' | 'SALE' | 'PROMOTION';
export type CutBy = 'PRICE' | 'LIMIT' | 'MINIMUM';
/** Which kinds may be on one line together, by the tenant's setting. */
export type DiscountMeeting =
  | 'LINE_AND_LINE'
  | 'LINE_AND_SALE'
  | 'SALE_AND_SALE'
  | 'MANUAL_AND_PROMOTION'
  | 'PROMOTION_AND_PROMOTION';

/** As the database function sale_discounts_view gives it. */
export type SaleDiscount = {
  id: string;
  kind: DiscountKind;
  lineId: string | null;
  excludedLineIds: string[];
  /** Hundredths of a percent; or askedMinor. */
  basisPoints: number | null;
  askedMinor: number | null;
  /** What it takes off now. */
  amountMinor: number;
  /** Why that is less than was asked for. */
  cutBy: CutBy | null;
  reason: string | null;
  code: string | null;
  promotionId: string | null;
  givenBy: string;
  givenAt: string;
  shares: { lineId: string; amountMinor: number }[];
};
/** With what it belongs to, as the graph shows it. */
export type DiscountOfSale = SaleDiscount & { sale: Sale };
export type LineDiscount = { discount: DiscountOfSale; amountMinor: number; currencyCode: string };

/** Each discount costs a look at every line whenever one changes. */
export const discountsMax = 20;

type Wanted = Pick<SaleDiscount, 'kind' | 'lineId' | 'excludedLineIds'>;

/** How two of them would meet on a line; undefined when no line can have both. */
export function meetingOf(one: Wanted, other: Wanted): DiscountMeeting | undefined {
  const kinds = [one.kind, other.kind];
  if (kinds.every((kind) => kind === 'PROMOTION')) return 'PROMOTION_AND_PROMOTION';
  if (kinds.includes('PROMOTION')) return 'MANUAL_AND_PROMOTION';
  // A line that is added later would have both.
  if (kinds.every((kind) => kind === 'SALE')) return 'SALE_AND_SALE';
  if (kinds.every((kind) => kind === 'LINE'))
    return one.lineId === other.lineId ? 'LINE_AND_LINE' : undefined;
  const [ofLine, ofSale] = one.kind === 'LINE' ? [one, other] : [other, one];
  return ofSale.excludedLineIds.includes(ofLine.lineId!) ? undefined : 'LINE_AND_SALE';
}

/** The first discount of the sale that the wanted one may not meet, and how they would. */
export function clashOf(
  wanted: Wanted,
  {
    discounts,
    mayMeet,
  }: { discounts: readonly SaleDiscount[]; mayMeet: readonly DiscountMeeting[] },
): { other: SaleDiscount; meeting: DiscountMeeting } | undefined {
  for (const other of discounts) {
    const meeting = meetingOf(wanted, other);
    if (meeting && !mayMeet.includes(meeting)) return { other, meeting };
  }
  return undefined;
}

/**
 * The discount that could not be given whole, or that another one no longer takes whole because of it. One that a smaller
 * basket had cut before is no obstacle.
 */
export function newlyCut(before: Sale, after: Sale): SaleDiscount | undefined {
  const cutBefore = new Set(before.discounts.filter(({ cutBy }) => cutBy).map(({ id }) => id));
  return after.discounts.find(({ id, cutBy }) => cutBy && !cutBefore.has(id));
}

/** What the lines of a sale are reduced by, in minor units. */
export function discountTotalOf(sale: Sale): number {
  return sale.lines.reduce((sum, { discountMinor }) => sum + discountMinor, 0);
}

/** Each discount that takes something off a line, with how much. */
export function discountsOfLine(
  sale: Sale,
  { id }: Pick<SaleLine | LineOfSale, 'id'>,
): LineDiscount[] {
  return sale.discounts.flatMap((discount) =>
    discount.shares
      .filter(({ lineId }) => lineId === id)
      .map(({ amountMinor }) => ({
        ...{ discount: { ...discount, sale }, amountMinor },
        currencyCode: sale.currencyCode,
      })),
  );
}

/** What a discount is of, before it and those after it, in minor units. */
export function priceUnder(sale: Sale, { lineId, excludedLineIds }: Wanted): number {
  return sale.lines
    .filter(({ id }) => (lineId === null ? !excludedLineIds.includes(id) : id === lineId))
    .reduce((sum, { totalMinor, discountMinor }) => sum + totalMinor + discountMinor, 0);
}
