import type { Database } from '@onecount/db';
import { invalidInput } from '@onecount/refusal';
import type { Caller } from '../sale/idempotency.ts';
import { discountSettings } from './discount-setting.sql.ts';
import { ownPriceRefused } from './own-price.errors.ts';
import type { OwnPriceInput } from './own-price.ts';

/**
 * Why these prices may not be given; undefined when they may. The tenant's setting is read only where a price is given: a line at the
 * book's price costs nothing here. `prefixOf` names the line in the refusal.
 */
export async function ownPriceRefusal(
  db: Database,
  { tenantId, scopes }: Caller,
  lines: readonly OwnPriceInput[],
  { prefixOf = (index: number) => `lines.${index}.` } = {},
) {
  const own = lines.findIndex(({ unitPrice }) => unitPrice);
  if (own < 0) return undefined;
  const { ownPrice } = await db.read(tenantId, discountSettings);
  if (ownPrice === 'ANYBODY') return undefined;
  const silent = lines.findIndex(({ unitPrice, priceReason }) => unitPrice && !priceReason?.trim());
  if (silent >= 0) {
    const field = `${prefixOf(silent)}priceReason`;
    return invalidInput(field, 'Another price than the listed one needs a reason.');
  }
  const isAllowed = ownPrice === 'WITH_REASON' || scopes?.has('sale:discount');
  return isAllowed ? undefined : ownPriceRefused();
}
