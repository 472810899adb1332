import { money, shared, type Call, type World } from './isolation-call.ts';

/** Of one's own, for requests; a code and a number that nothing has. */
export const wordsOfCredit = {
  giftCardCode: '3333-3333-3333-3333-3333',
  'giftCardBalance.code': '3333-3333-3333-3333-3333',
  reloadCode: '3333-3333-3333-3333-3333',
  storeCreditNumber: 'SC-3333333333',
  lastFour: '3333',
  giftCardMonths: 36,
  storeCreditMonths: 36,
};

/** Gift cards, of which one is sold, one was lost and one is blocked, and a store credit, of which something was spent. */
export async function owe(call: Call, { word }: World): Promise<void> {
  const { locationCode, quantitySku } = shared;
  const value = 'storedValue { id } giftCardCode';
  const customer = { name: word('creditor') };
  const { customer: creditor } = await call('customerCreate', customer, 'customer { id }');
  await call('storedValueSettingsSet', { giftCardMonths: 36 }, 'settings { setBy }');
  const card = { kind: 'GIFT_CARD', amount: money('5.00'), reason: word('goodwill') };
  const lost = await call('storedValueIssue', card, value);
  const found = { storedValueId: lost['storedValue'].id, reason: word('lost') };
  const replaced = await call('giftCardReplace', found, value);
  const blocked = { storedValueId: replaced['storedValue'].id, reason: word('stolen') };
  await call('storedValueBlock', blocked, 'storedValue { id }');
  const credit = { ...card, kind: 'STORE_CREDIT', customerId: creditor.id };
  await call('storedValueIssue', credit, value);

  const basket = { channel: 'WEB', locationCode, currencyCode: 'USD' };
  const { sale } = await call('saleOpen', basket, 'sale { id }');
  const line = { saleId: sale.id, amount: money('7.00') };
  await call('giftCardLineAdd', line, 'line { id }');
  const spent = { kind: 'STORE_CREDIT', amount: money('5.00'), creditCustomerId: creditor.id };
  const transfer = { kind: 'BANK_TRANSFER', amount: money('2.00'), reference: word('transfer') };
  await call('saleCommit', { saleId: sale.id, tenders: [spent, transfer] }, 'sale { id }');
  const lines = [{ sku: quantitySku, quantity: 1, unitPrice: money('1.00') }];
  await call('saleOpen', { ...basket, lines }, 'sale { id }');
}
