import type { Tracking } from '../sale/sale.ts';
import type { NotForSaleReason } from '../sale/sale.errors.ts';

/** One variant as the price book has it. */
export type PriceEntry = {
  variantId: string;
  sku: string;
  title: string;
  status: 'DRAFT' | 'ACTIVE' | 'ARCHIVED';
  isActive: boolean;
  tracking: Tracking;
  priceMinor: number | null;
  currencyCode: string | null;
  /** Of its product; left out by an event, which says it of the whole product. */
  version?: number | null;
};

/** By what its tax is found: its code, if any, where it is taxed at all. */
type VariantTax = { taxCode: string | null; isTaxable: boolean };

/** With what its sales are reported under; a sale itself does not ask for it. */
export type PriceBookEntry = PriceEntry &
  VariantTax & { category: string | null; vendor: string | null };

/** Why it may not be sold; undefined when it may. A price that the cashier gives replaces a missing one. */
export function whyNotForSale(
  entry: PriceEntry,
  { hasOwnPrice }: { hasOwnPrice: boolean },
): NotForSaleReason | undefined {
  if (entry.status !== 'ACTIVE') return 'PRODUCT_NOT_ACTIVE';
  if (!entry.isActive) return 'VARIANT_NOT_ACTIVE';
  if (entry.priceMinor === null && !hasOwnPrice) return 'NO_PRICE';
  return undefined;
}
