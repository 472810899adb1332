import { randomUUID } from 'node:crypto';
import { cash, startPos, type Pos } from '../../test/pos.harness.ts';

// What is refused before inventory is asked; pos with the real inventory: test/lease.int.spec.ts.

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 5 });
});
afterAll(() => pos?.stop());

const written = () =>
  pos.rows(
    `SELECT (SELECT count(*)::int FROM lease) AS leases, (SELECT count(*)::int FROM sale) AS sales`,
  );
async function openTill(): Promise<string> {
  const till = { locationCode: 'HQ', registerName: randomUUID() };
  return (await pos.registerOpen(till))['register'].id;
}

it('names the lines whose SKU nobody has, and keeps nothing', async () => {
  const registerId = await openTill();
  const lines = [{ sku: 'CHAIN' }, { sku: 'NONE' }];
  const answer = await pos.leaseTake({ registerId, device: 'Tablet', lines });
  expect(answer).toMatchObject({
    __typename: 'SaleLinesRefused',
    refusals: [{ index: 1, sku: 'NONE', code: 'NOT_FOUND' }],
  });
  expect(await written()).toEqual([{ leases: 0, sales: 0 }]);
  expect(pos.inventory.calls).toEqual([]);
});

it('is of a till that is there and in use', async () => {
  const registerId = await openTill();
  const take = (id: string) =>
    pos.leaseTake({ registerId: id, device: 'Tablet', lines: [{ sku: 'CHAIN' }] });
  expect(await take(randomUUID())).toMatchObject({ __typename: 'NotFound', kind: 'Register' });
  await pos.registerClose({ registerId, countedCash: { amount: '0', currencyCode: 'EUR' } });
  await pos.registerDeactivate({ registerId });
  expect(await take(registerId)).toMatchObject({ __typename: 'RegisterInactive', registerId });
  expect(await written()).toEqual([{ leases: 0, sales: 0 }]);
});

it('a sale with a SKU that nobody has is refused by name, and not by its key: mended, it is sold', async () => {
  const registerId = await openTill();
  const leaseId = randomUUID();
  await pos.rows(
    `INSERT INTO lease (tenant_id, id, register_id, device, taken_by, taken_at, sell_until, held_until)
     SELECT tenant_id, $1, id, 'Tablet', 'anna', now(), now() + interval '1 hour', now() + interval '2 hours'
       FROM register WHERE id = $2`,
    [leaseId, registerId],
  );
  await pos.rows(
    `INSERT INTO lease_line (tenant_id, lease_id, position, id, stock_item_id, sku, title, tracking, quantity)
     SELECT tenant_id, id, 1, $2, $2, 'CHAIN', 'Chain', 'QUANTITY', 1 FROM lease WHERE id = $1`,
    [leaseId, randomUUID()],
  );
  const now = new Date().toISOString();
  const unitPrice = { amount: '100', currencyCode: 'EUR' };
  const input = {
    ...{ leaseId, deviceTime: now, soldAt: now, currencyCode: 'EUR', tenders: [cash('100')] },
    ...{ lines: [{ sku: 'NEW', unitPrice }], idempotencyKey: randomUUID() },
  };
  expect(await pos.offlineSaleRecord(input)).toMatchObject({
    __typename: 'SaleLinesRefused',
    refusals: [{ index: 0, sku: 'NEW', code: 'NOT_FOUND' }],
  });
  expect(await written()).toEqual([{ leases: 1, sales: 0 }]);
  await pos.product({ sku: 'NEW', tracking: 'QUANTITY', onHand: 1 });
  expect((await pos.offlineSaleRecord(input)).__typename).toBe('OfflineSaleRecordSuccess');
});
