import { refuse } from '@onecount/refusal';
import type { ProductRow } from '../product/product.entity.ts';

// Why a variant stays; each is a member of variantRemove's result union.

export type VariantHold = {
  holdId: string;
  quantity: number;
  locationCode: string;
  /** ISO 8601; null for a hold that does not end by itself. */
  expiresAt: string | null;
  sale: { id: string } | null;
};

export type VariantUses = {
  onHand: number;
  inTransit: number;
  /** How many may be sold ahead of stock. */
  backorderLimit: number;
  openingStockPending: boolean;
  holdsTotal: number;
  /** The oldest of them. */
  holds: VariantHold[];
};

export function variantInUse(sku: string, uses: VariantUses) {
  const message = `${sku} stays: ${reasonsOf(uses).join(', ')}.`;
  return refuse('VariantInUse', 'VARIANT_IN_USE', message, { sku, ...uses });
}

function reasonsOf(uses: VariantUses): string[] {
  const { onHand, inTransit, backorderLimit, openingStockPending, holdsTotal } = uses;
  return [
    ...(onHand === 0 ? [] : [`${onHand} on hand`]),
    ...(inTransit === 0 ? [] : [`${inTransit} in transit`]),
    ...(holdsTotal === 0 ? [] : [`${holdsTotal} held`]),
    ...(openingStockPending ? ['opening stock is on its way'] : []),
    ...(backorderLimit === 0 ? [] : [`${backorderLimit} may be sold ahead of stock`]),
  ];
}

export function variantsWouldCoincide(skus: readonly string[]) {
  const message = `These variants would be the same: ${skus.slice(0, 5).join(', ')}.`;
  return refuse('VariantsWouldCoincide', 'VARIANTS_WOULD_COINCIDE', message, {
    skus: skus.slice(0, 100),
  });
}

export function lastVariant(product: ProductRow) {
  const message = 'A product keeps its last variant: archive the product instead.';
  return refuse('LastVariant', 'LAST_VARIANT', message, { product });
}
