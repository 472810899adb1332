import type { Sale, SaleChannel } from '../sale/sale.ts';

export type Promotion = {
  id: string;
  code: string;
  basisPoints: number | null;
  amountMinor: number | null;
  minimumMinor: number | null;
  /** Of its amounts; null where it has none. */
  currencyCode: string | null;
  validFrom: Date | null;
  validUntil: Date | null;
  /** Empty: all. */
  channels: SaleChannel[];
  locationIds: string[];
  usesMax: number | null;
  customerUsesMax: number | null;
  /** Reserved by checkouts under way, and sold. */
  usesTaken: number;
  usesReserved: number;
  addedBy: string;
  addedAt: Date;
  endedAt: Date | null;
};

export type PromotionProblem =
  | 'ENDED'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'USED_UP'
  | 'CUSTOMER_NEEDED'
  | 'USED_UP_BY_CUSTOMER'
  | 'OTHER_CHANNEL'
  | 'OTHER_LOCATION'
  | 'OTHER_CURRENCY'
  | 'MINIMUM_NOT_REACHED'
  | 'APPLIED_ALREADY';

/**
 * Why a basket may not have it, as far as it is known before the checkout; that decides again about time and uses. Who buys may
 * be named later.
 */
export function problemOf(
  promotion: Promotion,
  sale: Sale,
  now: Date,
): PromotionProblem | undefined {
  const { validFrom, validUntil, usesMax, usesTaken, channels, locationIds, currencyCode } =
    promotion;
  if (sale.discounts.some(({ promotionId }) => promotionId === promotion.id))
    return 'APPLIED_ALREADY';
  if (promotion.endedAt) return 'ENDED';
  if (validFrom && validFrom > now) return 'NOT_YET_VALID';
  if (validUntil && validUntil <= now) return 'EXPIRED';
  if (currencyCode !== null && currencyCode !== sale.currencyCode) return 'OTHER_CURRENCY';
  if (channels.length > 0 && !channels.includes(sale.channel)) return 'OTHER_CHANNEL';
  if (locationIds.length > 0 && !locationIds.includes(sale.locationId ?? ''))
    return 'OTHER_LOCATION';
  return usesMax !== null && usesTaken >= usesMax ? 'USED_UP' : undefined;
}
