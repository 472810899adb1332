import { money, shared, type Call, type World } from './isolation-call.ts';

const soldAt = '2026-01-01T00:00:00.000Z';

/** Of one's own, for requests. */
export const wordsOfLeases = { sellMinutes: 1, soldAt, deviceTime: soldAt };

/** A till that may be offline: one lease is kept, one was given back, and of each something was sold; one sale is a conflict. */
export async function sellOffline(call: Call, { client, word }: World): Promise<void> {
  const { locationCode, quantitySku, device } = shared;
  const till = { locationCode, registerName: word('till-offline'), openingFloat: money('100.00') };
  const { register } = await call('registerOpen', till, 'register { id }');
  const take = async (): Promise<string> => {
    const input = { registerId: register.id, device, lines: [{ sku: quantitySku, quantity: 1 }] };
    return (await call('leaseTake', input, 'lease { id }'))['lease'].id;
  };
  const sold = (leaseId: string, quantity: number, slip: string) => ({
    ...{ leaseId, deviceTime: soldAt, soldAt },
    ...{ currencyCode: 'USD', lines: [{ sku: quantitySku, quantity, unitPrice: money('1.00') }] },
    tenders: [{ kind: 'CARD', amount: money(`${quantity}.00`), reference: word(slip) }],
  });
  const ended = await take();
  await call('offlineSaleRecord', sold(ended, 1, 'offline'), 'sale { id }');
  await call('leaseEnd', { leaseId: ended }, 'lease { id }');
  const kept = await take();
  const input = { ...sold(kept, 9999, 'offline, too many'), idempotencyKey: word('conflict') };
  await client.data(
    'mutation ($input: OfflineSaleRecordInput!) { offlineSaleRecord(input: $input) { __typename } }',
    { input },
  );
}
