import type { ProductRow } from '../product/product.entity.ts';
import type { VariantView } from '../variant/variant.sql.ts';

export type ProductCheck =
  'COMPLETE' | 'SKUS' | 'PRICES' | 'BARCODES' | 'STOCK' | 'IMAGES' | 'STOREFRONT';
export type ReviewSeverity = 'OK' | 'WARNING' | 'ERROR';

export type ReviewItem = {
  check: ProductCheck;
  severity: ReviewSeverity;
  message: string;
  variantsTotal: number;
  variants: VariantView[];
};
export type Review = { product: ProductRow; isReady: boolean; items: ReviewItem[] };

export type Reviewed = {
  product: ProductRow;
  variants: readonly VariantView[];
  mediaTotal: number;
  stock: {
    /** Opening stock that inventory has not, or has refused. */
    pendingVariantIds: ReadonlySet<string>;
    refusal: string | null;
    /** As the catalog last heard from inventory. */
    outOfStockIds: ReadonlySet<string>;
  };
};

const variantsShownMax = 100;

/** One item for each check, whatever was found. Pure. */
export function reviewOf(reviewed: Reviewed): Review {
  const checks = [complete, skus, prices, barcodes, stock, images, storefront];
  const items = checks.map((check) => check(reviewed));
  const isReady = items.every(({ severity }) => severity !== 'ERROR');
  return { product: reviewed.product, isReady, items };
}

function item(
  check: ProductCheck,
  found: { severity: ReviewSeverity; message: string; variants?: readonly VariantView[] },
): ReviewItem {
  const { severity, message, variants = [] } = found;
  const shown = variants.slice(0, variantsShownMax);
  return { check, severity, message, variantsTotal: variants.length, variants: shown };
}

const active = ({ variants }: Reviewed) => variants.filter(({ isActive }) => isActive);
const counted = (variants: readonly unknown[]) =>
  variants.length === 1 ? '1 variant' : `${variants.length} variants`;

function complete(reviewed: Reviewed): ReviewItem {
  if (active(reviewed).length === 0) {
    const message = 'No variant is active: nothing could be sold.';
    return item('COMPLETE', { severity: 'ERROR', message, variants: reviewed.variants });
  }
  const { descriptionHtml, vendorId, categoryId, productType } = reviewed.product;
  const missing = [
    ...(descriptionHtml.trim() === '' ? ['description'] : []),
    ...(vendorId === null ? ['vendor'] : []),
    ...(categoryId === null ? ['category'] : []),
    ...(productType === null ? ['product type'] : []),
  ];
  if (missing.length === 0)
    return item('COMPLETE', { severity: 'OK', message: 'All is filled in.' });
  return item('COMPLETE', { severity: 'WARNING', message: `Missing: ${missing.join(', ')}.` });
}

function skus({ variants }: Reviewed): ReviewItem {
  return item('SKUS', { severity: 'OK', message: `${counted(variants)}, each with its own SKU.` });
}

function prices(reviewed: Reviewed): ReviewItem {
  const without = active(reviewed).filter(({ priceMinor }) => priceMinor === null);
  if (without.length > 0) {
    const message = `${counted(without)} without a price cannot be sold.`;
    return item('PRICES', { severity: 'ERROR', message, variants: without });
  }
  const odd = active(reviewed).filter(
    ({ priceMinor, compareAtPriceMinor }) =>
      compareAtPriceMinor !== null && compareAtPriceMinor <= (priceMinor ?? 0),
  );
  if (odd.length === 0) return item('PRICES', { severity: 'OK', message: 'Every price is set.' });
  const message = `The former price of ${counted(odd)} is not above the selling price.`;
  return item('PRICES', { severity: 'WARNING', message, variants: odd });
}

function barcodes(reviewed: Reviewed): ReviewItem {
  const without = active(reviewed).filter(({ barcode }) => barcode === null);
  if (without.length === 0) {
    return item('BARCODES', { severity: 'OK', message: 'Every variant can be scanned.' });
  }
  const message = `${counted(without)} without a barcode or stock code.`;
  return item('BARCODES', { severity: 'WARNING', message, variants: without });
}

function stock({ variants, stock: of }: Reviewed): ReviewItem {
  const { pendingVariantIds, refusal, outOfStockIds } = of;
  if (refusal !== null) {
    const message = `Inventory refused opening stock: ${refusal}`;
    return item('STOCK', { severity: 'ERROR', message });
  }
  const pending = variants.filter(({ id }) => pendingVariantIds.has(id));
  if (pending.length > 0) {
    const message = `Opening stock of ${counted(pending)} has not reached inventory yet.`;
    return item('STOCK', { severity: 'WARNING', message, variants: pending });
  }
  const out = variants.filter(({ id }) => outOfStockIds.has(id));
  if (out.length === 0) {
    return item('STOCK', { severity: 'OK', message: 'All that is counted is in stock.' });
  }
  const message = `${counted(out)} with nothing on hand, as last heard from inventory.`;
  return item('STOCK', { severity: 'WARNING', message, variants: out });
}

function images(reviewed: Reviewed): ReviewItem {
  const { mediaTotal } = reviewed;
  if (mediaTotal === 0) return item('IMAGES', { severity: 'WARNING', message: 'No picture.' });
  const without = active(reviewed).filter(({ mediaId }) => mediaId === null);
  // Where no variant has a picture of its own, all show the product's.
  if (without.length === 0 || without.length === active(reviewed).length) {
    return item('IMAGES', { severity: 'OK', message: `Pictures: ${mediaTotal}.` });
  }
  const message = `${counted(without)} without a picture, of its own or of an option value, where others have one.`;
  return item('IMAGES', { severity: 'WARNING', message, variants: without });
}

function storefront({ product, mediaTotal }: Reviewed): ReviewItem {
  const against = [
    ...(product.isListedOnWebsite ? [] : ['it is not listed on the website']),
    ...(product.status === 'ACTIVE' ? [] : ['it is not active']),
    ...(product.isUnlisted ? ['it is unlisted'] : []),
    ...(mediaTotal > 0 ? [] : ['it has no picture']),
  ];
  if (against.length === 0) {
    return item('STOREFRONT', { severity: 'OK', message: 'Web shops show it.' });
  }
  const message = `Web shops do not show it: ${against.join(', ')}.`;
  return item('STOREFRONT', { severity: 'WARNING', message });
}
