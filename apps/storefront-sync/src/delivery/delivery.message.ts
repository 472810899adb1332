import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LeasedListing } from './delivery.sql.ts';

/** Body of a webhook request: the whole state that the shop should show, never a difference. */
export function bodyOf(listing: LeasedListing): string {
  const { listingId, connectionId, version, variantId, productId, sku, title } = listing;
  return JSON.stringify({
    type: 'listing.count-changed',
    ...{ listingId, connectionId, version, variantId, productId, sku, title },
    isListed: listing.isListed,
    isTracked: listing.isTracked,
    available: listing.available,
  });
}

/**
 * `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 with the connection's secret over `<t>.<raw body>`. The time
 * is signed, so that a receiver can refuse an old message that is played again.
 */
export function signatureOf(body: string, secret: string, unixSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${mac}`;
}

/** What a receiver does; here for the tests and the documentation. */
export function isSignatureValid(
  signature: string,
  { body, secret, nowSeconds, toleranceSeconds = 300 }: Verification,
): boolean {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature);
  if (!match) return false;
  const unixSeconds = Number(match[1]);
  const expected = Buffer.from(signatureOf(body, secret, unixSeconds));
  const isAuthentic = timingSafeEqual(expected, Buffer.from(signature));
  return isAuthentic && Math.abs(nowSeconds - unixSeconds) <= toleranceSeconds;
}

type Verification = { body: string; secret: string; nowSeconds: number; toleranceSeconds?: number };
