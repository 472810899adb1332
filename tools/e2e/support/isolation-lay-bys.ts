import { money, shared, type Call, type World } from './isolation-call.ts';

/** What a request says of lay-bys. */
export const wordsOfLayBys = {
  ...{ dueAt: '2100-01-01T00:00:00.000Z', everyWeeks: 1, depositPercent: 10, feePercent: 5 },
  ...{ graceDays: 14, reminderDays: 3 },
};

/** Three lay-bys: one is open, one was given up and owes, and one gave back what it owed. */
export async function layAway(call: Call, { word }: World): Promise<void> {
  const { locationCode, quantitySku } = shared;
  const terms = {
    depositPercent: 1,
    feePercent: 1,
    graceDays: 14,
    expiry: 'TELL',
    reminderDays: 3,
  };
  await call('layBySettingsSet', terms, 'settings { setBy }');
  const { customer } = await call(
    'customerCreate',
    { name: word('buyer by parts') },
    'customer { id }',
  );
  const opened = async (slip: string): Promise<string> => {
    const place = { channel: 'WEB', locationCode, currencyCode: 'USD', customerId: customer.id };
    const basket = { ...place, lines: [{ sku: quantitySku }] };
    const { sale } = await call('saleOpen', basket, 'sale { id }');
    const tenders = [{ kind: 'CARD', amount: money('50.00'), reference: word(slip) }];
    const input = { saleId: sale.id, tenders, everyWeeks: 1, count: 1 };
    await call('layByOpen', input, 'layBy { status }');
    return sale.id;
  };
  const givenUp = async (slip: string): Promise<string> => {
    const saleId = await opened(slip);
    await call('layByCancel', { saleId, reason: word('given up') }, 'layBy { status }');
    return saleId;
  };
  await opened('by parts');
  await givenUp('by parts, in vain');
  const saleId = await givenUp('by parts, given back');
  const back = { saleId, kind: 'CARD', reference: word('given back') };
  await call('layByRefund', back, 'layBy { status }');
}
