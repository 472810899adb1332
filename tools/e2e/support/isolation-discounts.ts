import type { Call, World } from './isolation-call.ts';

/** What a request says of discounts. */
export const wordsOfDiscounts = { reasons: 'of the other tenant', limitPercent: '10' };

/** What it names. */
export const namesOfDiscounts = { excludedLineIds: 'saleLine', discountId: 'saleDiscount' };

/** A reason of one's own, and something off a basket for it. */
export async function takeOff(call: Call, { word }: World, saleId: string): Promise<void> {
  const reason = word('discount');
  await call('discountSettingsSet', { reasons: [reason] }, 'settings { reasons }');
  await call('saleDiscountGive', { saleId, percent: '1.5', reason }, 'discountId sale { id }');
}
