import { identifierOf, isIdentifier } from '@onecount/refusal';

export type Tracking = 'NONE' | 'QUANTITY' | 'SERIAL';

/** How a weight is shown; it is kept in grams. */
export const weightUnits = ['GRAM', 'KILOGRAM', 'OUNCE', 'POUND'] as const;
export type WeightUnit = (typeof weightUnits)[number];
/** As files write them. */
export const weightSigns: Record<WeightUnit, string> = {
  GRAM: 'g',
  KILOGRAM: 'kg',
  OUNCE: 'oz',
  POUND: 'lb',
};
export const taxCodeLengthMax = 50;

export type CertificateDraft = {
  number: string;
  lab?: string;
  grade?: string;
  reportUrl?: string;
};

export type SerialDraft = {
  serial?: string;
  stockNumber?: string;
  allowLookAlike?: boolean;
  certificate?: CertificateDraft;
  attributes?: { key: string; value: string }[];
  photos?: string[];
};

export type OpeningStockDraft = {
  locationCode: string;
  quantity: number;
  serials: SerialDraft[];
};

export type VariantDraft = {
  sku?: string;
  barcode?: string;
  /** A code of the shop's own, where there is no barcode. */
  stockCode?: string;
  optionValues: string[];
  currencyCode?: string;
  priceMinor?: number;
  compareAtPriceMinor?: number;
  costMinor?: number;
  tracking: Tracking;
  isActive: boolean;
  isTaxable: boolean;
  taxCode?: string | undefined;
  requiresShipping: boolean;
  weightGrams?: number;
  weightUnit?: WeightUnit | undefined;
  mediaUrl?: string;
  openingStock: OpeningStockDraft[];
};

/** A checked variant in its place; `sku` is null while it still has to be generated. */
export type VariantPlan = Omit<VariantDraft, 'sku' | 'barcode' | 'stockCode'> & {
  position: number;
  sku: string | null;
  /** Barcode or stock code. */
  barcode: string | null;
  title: string;
  fullTitle: string;
};

export const skuLengthMax = 100;
/** What inventory takes in one line. */
export const openingQuantityMax = 1_000_000;

/** What one-off units and shared variants need unless the caller says otherwise. */
export const variantDefaults = {
  tracking: 'QUANTITY',
  isActive: true,
  isTaxable: true,
  requiresShipping: true,
  openingStock: [],
} satisfies Partial<VariantDraft>;

/** A word for what is wrong with the SKU, or null. What cannot be seen never scans or prints. */
export function skuProblem(sku: string): string | null {
  if (identifierOf(sku) === '') return 'is blank';
  if (identifierOf(sku).length > skuLengthMax) {
    return `is longer than ${skuLengthMax} characters`;
  }
  return isIdentifier(sku) ? null : 'contains a character that is blank or cannot be seen';
}

/** What is wrong with a tax code, or null. */
export function taxCodeProblem(taxCode: string): string | null {
  if (!isIdentifier(taxCode)) return 'has a blank, or a character that cannot be seen';
  const isLong = identifierOf(taxCode).length > taxCodeLengthMax;
  return isLong ? `is longer than ${taxCodeLengthMax} characters` : null;
}
