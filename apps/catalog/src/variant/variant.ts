export type Tracking = 'NONE' | 'QUANTITY' | 'SERIAL';

export type CertificateDraft = {
  number: string;
  lab?: string;
  grade?: string;
  reportUrl?: string;
};

export type SerialDraft = {
  serial?: string;
  stockNumber?: string;
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
  optionValues: string[];
  currencyCode?: string;
  priceMinor?: number;
  compareAtPriceMinor?: number;
  costMinor?: number;
  tracking: Tracking;
  isActive: boolean;
  isTaxable: boolean;
  requiresShipping: boolean;
  weightGrams?: number;
  mediaUrl?: string;
  openingStock: OpeningStockDraft[];
};

/** A checked variant in its place; `sku` is null while it still has to be generated. */
export type VariantPlan = Omit<VariantDraft, 'sku' | 'barcode'> & {
  position: number;
  sku: string | null;
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

/** A word for what is wrong with the SKU, or null. Control characters never scan or print. */
export function skuProblem(sku: string): string | null {
  if (sku.trim() === '') return 'is blank';
  if (sku !== sku.trim()) return 'begins or ends with a space';
  if (sku.length > skuLengthMax) return `is longer than ${skuLengthMax} characters`;
  if (/\p{Cc}/u.test(sku)) return 'contains a control character';
  return null;
}
