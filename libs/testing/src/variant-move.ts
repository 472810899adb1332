import { randomUUID } from 'node:crypto';
import type { EventData } from '@onecount/events';

type Product = EventData<'catalog.product-changed'>;
type Variant = Product['variants'][number];

/**
 * The orders in which a consumer may hear that a product P gave a variant to its sibling S and took it back: each
 * product's own events stay in their order, those of the two come as they like.
 */
export const variantMoveOrders = {
  split: interleavings(['P1', 'P2'], ['S2']).map((order) => order.join(' ')),
  merge: interleavings(['P1', 'P2', 'P3'], ['S2', 'S3']).map((order) => order.join(' ')),
};

function interleavings(ones: readonly string[], others: readonly string[]): string[][] {
  const [one, other] = [ones[0], others[0]];
  if (one === undefined) return [[...others]];
  if (other === undefined) return [[...ones]];
  return [
    ...interleavings(ones.slice(1), others).map((rest) => [one, ...rest]),
    ...interleavings(ones, others.slice(1)).map((rest) => [other, ...rest]),
  ];
}

/** What the catalog tells in such an order, each event twice; and what is true at the end. */
export function variantMove(order: string) {
  const [productId, siblingId] = [randomUUID(), randomUUID()];
  const [stays, goes] = [variantNamed('S'), variantNamed('M')];
  const renamed = (variant: Variant, productTitle: string, amountMinor: number): Variant => ({
    ...{ ...variant, fullTitle: `${productTitle} - ${variant.title}` },
    price: { amountMinor, currencyCode: 'EUR' },
  });
  const of = (id: string, version: number, variants: Variant[]): Product => ({
    ...{ productId: id, version, handle: id, title: 'Shirt', status: 'ACTIVE', tags: [] },
    ...{ options: [], media: [], variants },
  });
  const told: Record<string, Product> = {
    P1: of(productId, 1, [renamed(stays, 'Shirt', 100), renamed(goes, 'Shirt', 100)]),
    P2: of(productId, 2, [renamed(stays, 'Red', 200)]),
    S2: of(siblingId, 2, [renamed(goes, 'Blue', 200)]),
    P3: of(productId, 3, [renamed(stays, 'Back', 300), renamed(goes, 'Back', 300)]),
    S3: { ...of(siblingId, 3, []), deletedAt: '2026-11-30T12:00:00.000Z' },
  };
  const isMerged = order.includes('P3');
  return {
    events: order.split(' ').flatMap((name) => [told[name]!, told[name]!]),
    ...{ stays, goes },
    ownerId: isMerged ? productId : siblingId,
    fullTitle: isMerged ? 'Back - M' : 'Blue - M',
    priceMinor: isMerged ? 300 : 200,
  };
}

function variantNamed(title: string): Variant {
  return {
    ...{ variantId: randomUUID(), sku: `${title}-${randomUUID()}`, title, fullTitle: title },
    ...{ position: 1, optionValues: [title], tracking: 'SERIAL', isActive: true },
    ...{ isTaxable: true, requiresShipping: true },
  };
}
