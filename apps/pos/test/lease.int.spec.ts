import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { cash, tenantB, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// A till that loses its connection: pos and the real inventory together.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const money = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
async function openTill(): Promise<string> {
  const till = { locationCode: 'HQ', registerName: randomUUID() };
  return (await shop.registerOpen(till))['register'].id;
}
async function leaseOf(lines: object[], part: object = {}): Promise<Result> {
  const registerId = await openTill();
  const answer = await shop.leaseTake({ registerId, device: 'Tablet 1', lines, ...part });
  if (answer.__typename !== 'LeaseTakeSuccess') throw new Error(JSON.stringify(answer));
  return answer['lease'];
}
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const offline = (leaseId: string, lines: object[], total: string, part: object = {}) => ({
  ...{ leaseId, deviceTime: minutesAgo(0), soldAt: minutesAgo(5), currencyCode: 'EUR' },
  lines: lines.map((line) => ({ unitPrice: money('100'), ...line })),
  tenders: [cash(total)],
  ...part,
});
const buy = (line: object) =>
  shop.saleOpen({ channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR', lines: [line] });
const countOf = async (sku: string) =>
  (
    await shop.rows(
      'inventory',
      `SELECT on_hand AS "onHand", committed FROM level l JOIN stock_item i ON i.id = l.stock_item_id WHERE i.sku = $1`,
      [sku],
    )
  )[0];
const salesOf = (leaseId: string) =>
  shop.rows('pos', 'SELECT status FROM sale WHERE lease_id = $1 ORDER BY opened_at', [leaseId]);
const refundsDue = async () => {
  const query = `{ saleRefundsDue { nodes { id lease { id } refund { amount { amount } settledAt } } } }`;
  const { data } = await shop.graphql(query, {}, { scopes: ['sale:read', 'sale:refund'] });
  return data['saleRefundsDue'].nodes as Result[];
};

it('what is leased is free nowhere else, and is sold afterwards once, at the price that was paid', async () => {
  await shop.product({ sku: 'BROOCH', tracking: 'SERIAL', serial: 'B-1' });
  await shop.product({ sku: 'CHAIN', tracking: 'QUANTITY', quantity: 5 });
  const lease = await leaseOf([
    { sku: 'BROOCH', serial: 'B-1' },
    { sku: 'CHAIN', quantity: 5 },
  ]);
  expect(lease).toMatchObject({
    ...{ device: 'Tablet 1', takenBy: 'cashier', endedAt: null },
    lines: [
      { sku: 'BROOCH', serial: 'B-1', quantity: 1, unitPrice: money('100.00') },
      { sku: 'CHAIN', serial: null, quantity: 5, title: 'The CHAIN' },
    ],
  });
  expect((await buy({ sku: 'BROOCH', serial: 'B-1' }))['refusals']).toMatchObject([
    { code: 'UNIT_NOT_AVAILABLE' },
  ]);
  expect((await buy({ sku: 'CHAIN' }))['refusals']).toMatchObject([{ available: 0 }]);

  const lines = [
    { sku: 'BROOCH', serial: 'B-1', unitPrice: money('90') },
    { sku: 'CHAIN', quantity: 2 },
  ];
  const input = offline(lease['id'], lines, '290', { idempotencyKey: randomUUID() });
  const [one, two] = await Promise.all([
    shop.offlineSaleRecord(input),
    // The device asks again, later.
    shop.offlineSaleRecord({ ...input, deviceTime: minutesAgo(0) }),
  ]);
  expect(two).toEqual(one);
  expect(one).toMatchObject({
    __typename: 'OfflineSaleRecordSuccess',
    sale: { status: 'COMMITTED', total: { amount: '290.00' }, lines: [{ serial: 'B-1' }, {}] },
  });
  // Five minutes ago there was no lease: it was sold when that was taken, at the earliest.
  expect(one['sale'].soldAt).toBe(lease['takenAt']);
  await eventually(async () => {
    expect(await countOf('CHAIN')).toEqual({ onHand: 3, committed: 3 });
    return true;
  });
  const other = await shop.offlineSaleRecord({ ...input, soldAt: minutesAgo(6) });
  expect(other.__typename).toBe('IdempotencyKeyReused');
  expect(await salesOf(lease['id'])).toEqual([{ status: 'COMMITTED' }]);
});

it('what the lease did not have is sold if it is free, else it is a conflict that a person settles', async () => {
  await shop.product({ sku: 'PIN', tracking: 'QUANTITY', quantity: 3 });
  const lease = await leaseOf([{ sku: 'PIN', quantity: 1 }]);
  const sell = (quantity: number) =>
    shop.offlineSaleRecord(offline(lease['id'], [{ sku: 'PIN', quantity }], `${quantity}00`));
  expect((await sell(2)).__typename).toBe('OfflineSaleRecordSuccess');
  const lost = await sell(2);
  expect(lost).toMatchObject({
    __typename: 'SaleClaimLost',
    reasons: [{ sku: 'PIN', code: 'INSUFFICIENT_STOCK', requested: 2, available: 1 }],
    sale: { status: 'VOIDED' },
  });
  const due = (await refundsDue()).find(({ id }) => id === lost['sale'].id);
  expect(due).toMatchObject({
    lease: { id: lease['id'] },
    refund: { amount: { amount: '200.00' } },
  });
  const settled = await shop.saleRefundSettle({ saleId: lost['sale'].id, reference: 'cash back' });
  expect(settled.__typename).toBe('SaleRefundSettleSuccess');
  expect((await refundsDue()).find(({ id }) => id === lost['sale'].id)).toBeUndefined();
});

it('a lease that ended by time loses its stock to who comes first, and a sale of it then is a conflict', async () => {
  await shop.product({ sku: 'LOCKET', tracking: 'SERIAL', serial: 'L-1' });
  const lease = await leaseOf([{ sku: 'LOCKET', serial: 'L-1' }]);
  await shop.rows(
    'inventory',
    `UPDATE hold SET expires_at = clock_timestamp() WHERE reference_kind = 'LEASE' AND reference_id = $1`,
    [lease['id']],
  );
  const rival = await buy({ sku: 'LOCKET', serial: 'L-1' });
  expect(rival.__typename).toBe('SaleOpenSuccess');
  const late = await shop.offlineSaleRecord(
    offline(lease['id'], [{ sku: 'LOCKET', serial: 'L-1' }], '100'),
  );
  expect(late).toMatchObject({ __typename: 'SaleClaimLost', reasons: [{ sku: 'LOCKET' }] });
});

it('is given back once, and then anybody may have it', async () => {
  await shop.product({ sku: 'STUD', tracking: 'QUANTITY', quantity: 4 });
  const lease = await leaseOf([{ sku: 'STUD', quantity: 4 }]);
  await shop.offlineSaleRecord(offline(lease['id'], [{ sku: 'STUD' }], '100'));
  const input = { leaseId: lease['id'], idempotencyKey: randomUUID() };
  const ended = await shop.leaseEnd(input);
  expect(ended['lease'].endedAt).not.toBeNull();
  expect(await shop.leaseEnd(input)).toEqual(ended);
  expect(await shop.leaseEnd({ leaseId: lease['id'] })).toEqual(ended);
  expect((await buy({ sku: 'STUD', quantity: 3 })).__typename).toBe('SaleOpenSuccess');
  const query = `query($id: ID!) { leases(registerId: $id) { nodes { id } } kept: leases(registerId: $id, isKept: true) { nodes { id } } }`;
  const reader = { scopes: ['sale:read'] };
  const { data } = await shop.graphql(query, { id: lease['register'].id }, reader);
  expect(data).toEqual({ leases: { nodes: [{ id: lease['id'] }] }, kept: { nodes: [] } });
});

it('two tills that lease the last piece at once: one has it', async () => {
  await shop.product({ sku: 'LAST', tracking: 'SERIAL', serial: 'X-1' });
  const tills = await Promise.all(Array.from({ length: 8 }, openTill));
  const answers = await Promise.all(
    tills.map((registerId) =>
      shop.leaseTake({ registerId, device: 'Tablet', lines: [{ sku: 'LAST', serial: 'X-1' }] }),
    ),
  );
  const names = answers.map(({ __typename }) => __typename).sort();
  expect(names).toEqual(['LeaseTakeSuccess', ...Array(7).fill('SaleLinesRefused')]);
});

it('is sold though its product is switched off meanwhile, and after the shift was closed in the next one', async () => {
  await shop.product({ sku: 'CORD', tracking: 'QUANTITY', quantity: 2 });
  const lease = await leaseOf([{ sku: 'CORD', quantity: 2 }]);
  await shop.rows('pos', `UPDATE price_book SET status = 'ARCHIVED' WHERE sku = 'CORD'`);
  const registerId = lease['register'].id;
  await shop.registerClose({ registerId, countedCash: money('0') });
  const input = offline(lease['id'], [{ sku: 'CORD' }], '100', { idempotencyKey: randomUUID() });
  expect(await shop.offlineSaleRecord(input)).toMatchObject({ __typename: 'RegisterClosed' });
  expect(await salesOf(lease['id'])).toEqual([]);
  const [register] = await shop.rows('pos', 'SELECT name FROM register WHERE id = $1', [
    registerId,
  ]);
  await shop.registerOpen({ locationCode: 'HQ', registerName: register!['name'] });
  expect((await shop.offlineSaleRecord(input)).__typename).toBe('OfflineSaleRecordSuccess');
});

it.each([
  ['no lines', { lines: [] }, 'InvalidInput', { field: 'lines' }],
  [
    'a price below zero',
    { lines: [{ sku: 'CHAIN', unitPrice: money('-1') }] },
    'SaleLinesRefused',
    { refusals: [{ index: 0, code: 'INVALID_INPUT' }] },
  ],
  [
    'three decimals of EUR',
    { lines: [{ sku: 'CHAIN', unitPrice: money('1.005') }] },
    'SaleLinesRefused',
    { refusals: [{ code: 'INVALID_INPUT' }] },
  ],
  ['another currency', { tenders: [cash('100', 'USD')] }, 'CurrencyMismatch', { expected: 'EUR' }],
  ['too little', { tenders: [cash('99')] }, 'TenderMismatch', { due: { amount: '100.00' } }],
  ['its own future', { soldAt: minutesAgo(-5) }, 'InvalidInput', { field: 'soldAt' }],
  ['a lease that is none', { leaseId: randomUUID() }, 'NotFound', { kind: 'Lease' }],
  [
    'what looks like a card',
    { tenders: [{ ...cash('100'), reference: '4111 1111 1111 1111' }] },
    'InvalidInput',
    { field: 'tenders.0.reference' },
  ],
])('refuses %s and writes nothing', async (_name, part, __typename, data) => {
  const { id: leaseId } = await leaseOf([{ sku: 'FILLER' }]).catch(async () => {
    await shop.product({ sku: 'FILLER', tracking: 'QUANTITY', quantity: 100 });
    return leaseOf([{ sku: 'FILLER' }]);
  });
  const input = offline(leaseId, [{ sku: 'FILLER' }], '100');
  expect(await shop.offlineSaleRecord({ ...input, ...part })).toMatchObject({
    __typename,
    ...data,
  });
  expect(await salesOf(leaseId)).toEqual([]);
});

it('refuses what is not there whole, and nothing of another tenant is there', async () => {
  const registerId = await openTill();
  const take = (lines: object[], caller?: object) =>
    shop.leaseTake({ registerId, device: 'Tablet', lines }, caller);
  expect(await take([{ sku: 'FILLER', quantity: 1000 }])).toMatchObject({
    refusals: [{ index: 0, sku: 'FILLER', code: 'INSUFFICIENT_STOCK', requested: 1000 }],
  });
  const stranger = { tenantId: tenantB, scopes: ['sale:write'] };
  expect(await take([{ sku: 'FILLER' }], stranger)).toMatchObject({ kind: 'Register' });
  const lease = await leaseOf([{ sku: 'FILLER' }]);
  const theirs = await shop.leaseEnd({ leaseId: lease['id'] }, stranger);
  expect(theirs).toMatchObject({ __typename: 'NotFound', kind: 'Lease' });
  const sold = offline(lease['id'], [{ sku: 'FILLER' }], '100');
  expect(await shop.offlineSaleRecord(sold, stranger)).toMatchObject({ kind: 'Lease' });
});
