import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { card, tenantA, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// What comes back of a sale: pos and the real inventory together, over their events.

let shop: Shop;
let registerId: string;
beforeAll(async () => {
  shop = await startShop();
  const till = { locationCode: 'GM', registerName: 'Till 1' };
  registerId = (await shop.registerOpen(till))['register'].id;
});
afterAll(() => shop?.stop());

async function sell(line: object): Promise<Result> {
  const opened = await shop.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines: [line] });
  const saleId = opened['sale'].id as string;
  const amount = opened['sale'].total.amount as string;
  const paid = await shop.saleCommit({ saleId, tenders: [card(amount)] });
  if (paid.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(paid));
  return paid['sale'];
}
const takeBack = (sale: Result, part: object) =>
  shop.saleReturn({
    ...{ saleId: sale['id'], registerId, reason: 'CHANGED_MIND' },
    lines: [{ lineId: sale['lines'][0].id, ...part }],
  });
const unitsOf = (sku: string) =>
  shop.rows<{ id: string; serial: string; status: string; code: string }>(
    'inventory',
    `SELECT u.id, u.serial, u.status, c.code FROM serial_unit u
       JOIN stock_item i ON i.id = u.stock_item_id JOIN location c ON c.id = u.location_id
      WHERE i.sku = $1 ORDER BY u.serial`,
    [sku],
  );

it('a piece that came back is sold again, and its history has both sales and the return', async () => {
  await shop.product({ sku: 'BROOCH', tracking: 'SERIAL', serial: 'B-1' });
  const first = await sell({ sku: 'BROOCH', serial: 'B-1' });
  const back = await takeBack(first, { disposition: 'STOCK' });
  expect(back['saleReturn'].lines[0].units).toMatchObject([{ serial: 'B-1' }]);
  await eventually(async () => {
    expect(await unitsOf('BROOCH')).toMatchObject([{ status: 'AVAILABLE', code: 'GM' }]);
    return true;
  });
  const second = await sell({ sku: 'BROOCH', serial: 'B-1', locationCode: 'GM' });
  expect((await takeBack(first, {})).__typename).toBe('ReturnExceedsSold');
  const { id } = (await unitsOf('BROOCH'))[0]!;
  const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on SerialUnit {
    sales { id returns { number reason } } } } }`;
  const variables = { r: [{ __typename: 'SerialUnit', id }] };
  const reader = { tenantId: tenantA, scopes: ['sale:read'] };
  expect((await shop.graphql(query, variables, reader)).data['_entities'][0].sales).toEqual([
    { id: second['id'], returns: [] },
    { id: first['id'], returns: [{ number: back['saleReturn'].number, reason: 'CHANGED_MIND' }] },
  ]);
});

it('of a line of several pieces the named ones come back, each once', async () => {
  const serials = ['W-1', 'W-2', 'W-3'];
  await shop.product({ sku: 'WATCH', tracking: 'SERIAL', serials });
  const sale = await sell({ sku: 'WATCH', quantity: 3 });
  const units = sale['lines'][0].units as Result[];
  const ids = units.map((unit) => unit['serialUnit'].id as string);
  expect(await takeBack(sale, { quantity: 1 })).toMatchObject({
    ...{ __typename: 'InvalidInput', field: 'lines.0.serialUnitIds' },
    message: 'Say which of the 3 pieces come back.',
  });
  const middle = await takeBack(sale, { serialUnitIds: [ids[1]!], disposition: 'BENCH' });
  expect(middle['saleReturn'].lines[0]).toMatchObject({ quantity: 1, total: { amount: '100.00' } });
  expect(await takeBack(sale, { serialUnitIds: [ids[1]!] })).toMatchObject({
    __typename: 'ReturnExceedsSold',
  });
  const rest = await takeBack(sale, { disposition: 'INSPECTION' });
  expect(rest['saleReturn'].lines[0].units).toHaveLength(2);
  const expected = units.map((unit, n) => [unit['serial'], n === 1 ? 'IN_REPAIR' : 'RETURNED']);
  await eventually(async () => {
    const found = (await unitsOf('WATCH')).map(({ serial, status }) => [serial, status]);
    expect(found).toEqual(expected.sort());
    return true;
  });
});

it('goods by quantity come back as often as they were sold, over all tills at once', async () => {
  await shop.product({ sku: 'CHAIN', tracking: 'QUANTITY', quantity: 5 });
  const sale = await sell({ sku: 'CHAIN', quantity: 4 });
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      takeBack(sale, { quantity: 1, disposition: 'STOCK', ...{ lineId: sale['lines'][0].id } }),
    ),
  );
  expect(answers.filter(({ __typename }) => __typename === 'SaleReturnSuccess')).toHaveLength(4);
  await eventually(async () => {
    const moved = await shop.rows(
      'inventory',
      `SELECT sum(m.quantity)::int AS back, count(*)::int AS rows FROM movement m
        WHERE m.reason = 'RETURN' AND m.reference_id = $1`,
      [sale['id']],
    );
    expect(moved).toEqual([{ back: 4, rows: 4 }]);
    return true;
  });
  expect(await shop.rows('inventory', 'SELECT reason FROM dead_event')).toEqual([]);
  const key = randomUUID();
  const again = { saleId: sale['id'], registerId, reason: 'FAULTY', idempotencyKey: key };
  const lines = [{ lineId: sale['lines'][0].id }];
  const refused = await shop.saleReturn({ ...again, lines });
  expect(refused).toMatchObject({
    __typename: 'ReturnExceedsSold',
    soldQuantity: 4,
    returnedQuantity: 4,
  });
});
