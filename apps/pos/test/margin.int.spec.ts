import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { consignmentsOf } from './consignment.harness.ts';
import { customersOf } from './customer.harness.ts';
import { cash } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// What a piece cost is known to inventory, what it was sold for to pos: a margin needs both of them.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

it('what inventory says of the cost of a sale and of its return is in the margin of both', async () => {
  await shop.product({ sku: 'CHAIN', tracking: 'QUANTITY', quantity: 1 });
  const received = await shop.stock(
    `mutation ($input: StockReceiveInput!) { stockReceive(input: $input) { __typename } }`,
    {
      input: {
        ...{ idempotencyKey: randomUUID(), locationCode: 'HQ' },
        lines: [{ sku: 'CHAIN', quantity: 3, unitCost: { amount: '40.01', currencyCode: 'EUR' } }],
      },
    },
    { scopes: ['stock:write'] },
  );
  expect(received.data['stockReceive'].__typename).toBe('StockReceiveSuccess');
  const till = { locationCode: 'HQ', registerName: 'Front' };
  const registerId = (await shop.registerOpen(till))['register'].id as string;
  const { sale } = await shop.saleOpen({ channel: 'COUNTER', registerId, currencyCode: 'EUR' });
  await shop.saleLineAdd({ saleId: sale.id, sku: 'CHAIN', quantity: 2 });
  const sold = await shop.saleCommit({ saleId: sale.id, tenders: [cash('200.00')] });
  const lines = [{ lineId: sold['sale'].lines[0].id, quantity: 1 }];
  const back = { saleId: sale.id, registerId, reason: 'FAULTY', lines };
  expect((await shop.saleReturn(back)).__typename).toBe('SaleReturnSuccess');

  const [day] = await shop.rows<{ day: string }>(
    'pos',
    `SELECT to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM sale WHERE id = $1`,
    [sale.id],
  );
  const query = `query ($day: String!, $next: String!) {
    marginReport(fromDate: $day, toDate: $next) { totals { pieces piecesWithoutCost net { amount } cost { amount } margin { amount } } } }`;
  // A return that was taken back after midnight is in the same report.
  const next = new Date(Date.parse(day!.day) + 86_400_000).toISOString().slice(0, 10);
  const totals = async () => {
    const asked = await shop.graphql(query, { day: day!.day, next }, { scopes: ['report:read'] });
    return asked.data['marginReport'].totals;
  };
  await eventually(async () => (await totals())[0].piecesWithoutCost === 0);
  expect(await totals()).toEqual([
    {
      ...{ pieces: 1, piecesWithoutCost: 0, net: { amount: '100.00' } },
      ...{ cost: { amount: '40.01' }, margin: { amount: '59.99' } },
    },
  ]);
  const copied = await shop.rows(
    'pos',
    'SELECT quantity, reason, line_id, cost_minor::int FROM stock_movement WHERE sale_id = $1 ORDER BY reason DESC',
    [sale.id],
  );
  const line_id = lines[0]!.lineId;
  expect(copied).toEqual([
    { quantity: -2, reason: 'SALE', line_id, cost_minor: 8002 },
    { quantity: 1, reason: 'RETURN', line_id, cost_minor: 4001 },
  ]);

  // And the books agree, the events of sale and return having left.
  const reconciled = async () => {
    const asked = `query ($day: String!, $next: String!) {
      saleReconcile(fromDate: $day, toDate: $next, settledSeconds: 0) { counts { sales returns pending differences } } }`;
    const reader = { scopes: ['report:read'] };
    return (await shop.graphql(asked, { day: day!.day, next }, reader)).data['saleReconcile']
      .counts;
  };
  await eventually(async () => (await reconciled()).differences === 0);
  expect(await reconciled()).toEqual({ sales: 1, returns: 1, pending: 0, differences: 0 });
});

it('a piece of somebody else costs what is owed for it', async () => {
  await shop.product({ sku: 'BROOCH', tracking: 'SERIAL', serial: 'B-1' });
  const { id: ownerId } = (await customersOf(shop).create({ name: 'Ada Keller' }))['customer'];
  const consign = consignmentsOf(shop);
  const terms = { ownerId, currencyCode: 'EUR', ownerSharePercent: '60' };
  const agreementId = (await consign.open(terms))['agreement'].id as string;
  await consign.add({ agreementId, sku: 'BROOCH', serial: 'B-1' });
  const saleId = await shop.basket('BROOCH');
  expect((await shop.saleCommit({ saleId, tenders: [cash('100.00')] })).__typename).toBe(
    'SaleCommitSuccess',
  );
  const [fromDate, toDate] = [-1, 1].map((days) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
  );
  const query = `query ($fromDate: String!, $toDate: String!) {
    marginReport(fromDate: $fromDate, toDate: $toDate, filter: { sku: "BROOCH" }) {
      totals { piecesWithoutCost net { amount } cost { amount } margin { amount } } } }`;
  const asked = await shop.graphql(query, { fromDate, toDate }, { scopes: ['report:read'] });
  expect(asked.data['marginReport'].totals).toEqual([
    {
      ...{ piecesWithoutCost: 0, net: { amount: '100.00' } },
      ...{ cost: { amount: '60.00' }, margin: { amount: '40.00' } },
    },
  ]);
});
