import { shared, type Call, type World } from './isolation-call.ts';

/** What a request says of discounts. */
export const wordsOfDiscounts = {
  reasons: 'of the other tenant',
  limitPercent: '10',
  priceReason: 'of the other tenant',
  'PromotionAddInput.code': 'of the other tenant',
  minimum: '1.00',
  validFrom: '2026-01-01T00:00:00.000Z',
  validUntil: '2100-01-01T00:00:00.000Z',
  usesMax: 1,
  customerUsesMax: 1,
};

/** What it names. */
export const namesOfDiscounts = {
  excludedLineIds: 'saleLine',
  discountId: 'saleDiscount',
  locationIds: 'location',
};

/** A reason and a code of one's own, and something off a basket for each. */
export async function takeOff(call: Call, { word }: World, saleId: string): Promise<void> {
  const reason = word('discount');
  await call('discountSettingsSet', { reasons: [reason] }, 'settings { reasons }');
  const code = word('code');
  await call('promotionAdd', { code, percent: '1' }, 'promotion { id }');
  await call('salePromotionApply', { saleId, code }, 'sale { id }');
  await call('saleDiscountGive', { saleId, percent: '1.5', reason }, 'discountId sale { id }');
  const place = { channel: 'WEB', locationCode: shared.locationCode, currencyCode: 'USD' };
  const lines = [{ sku: shared.quantitySku }];
  const { sale } = await call('saleOpen', { ...place, lines }, 'sale { id }');
  const cheaper = 'sale { total { amount currencyCode } }';
  const applied = await call('salePromotionApply', { saleId: sale.id, code }, cheaper);
  const tenders = [{ kind: 'CARD', amount: applied['sale'].total }];
  await call('saleCommit', { saleId: sale.id, tenders }, 'sale { id }');
}
