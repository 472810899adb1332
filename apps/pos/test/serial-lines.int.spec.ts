import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import { cash, tenantA, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// Several pieces counted by serial in one line: pos and the real inventory together.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const web = { channel: 'WEB', currencyCode: 'EUR' };
const serialsOf = (line: { units: { serial: string }[] }) => line.units.map(({ serial }) => serial);
const pieces = (sku: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${sku}-${n}`);

async function stocked(sku: string, count: number): Promise<string[]> {
  const serials = pieces(sku, count);
  await shop.product({ sku, tracking: 'SERIAL', serials });
  return serials;
}
const unitsOf = (sku: string) =>
  shop.rows<{ id: string; serial: string; status: string }>(
    'inventory',
    `SELECT u.id, u.serial, u.status FROM serial_unit u JOIN stock_item i ON i.id = u.stock_item_id
      WHERE i.sku = $1 ORDER BY u.serial`,
    [sku],
  );
const reader = { tenantId: tenantA, scopes: ['sale:read'] };
const salesOf = async (serialUnitId: string): Promise<{ id: string }[]> => {
  const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on SerialUnit { sales { id } } } }`;
  const variables = { r: [{ __typename: 'SerialUnit', id: serialUnitId }] };
  return (await shop.graphql(query, variables, reader)).data['_entities'][0].sales;
};
const found = async (filter: object): Promise<{ id: string }[]> => {
  const query = `query($filter: SaleFilterInput) { sales(filter: $filter) { nodes { id } } }`;
  return (await shop.graphql(query, { filter }, reader)).data['sales'].nodes;
};

it('a line of several grows and shrinks, and the claim names its pieces to the sale, the event and the count', async () => {
  const serials = await stocked('WATCH', 4);
  const saleId = (await shop.saleOpen(web))['sale'].id as string;
  const added = await shop.saleLineAdd({ saleId, sku: 'WATCH', quantity: 2 });
  expect(added['sale'].lines).toMatchObject([{ quantity: 2, units: [], serialUnit: null }]);
  const line = { saleId, lineId: added['line'].id };
  const tooMany = await shop.saleLineUpdate({ ...line, quantity: 5 });
  expect(tooMany).toMatchObject({ __typename: 'InsufficientStock', requested: 5, available: 4 });
  await shop.saleLineUpdate({ ...line, quantity: 4 });
  await shop.saleLineUpdate({ ...line, quantity: 3 });
  const paid = await shop.saleCommit({ saleId, tenders: [cash('300')] });
  const [sold] = paid['sale'].lines;
  expect(sold).toMatchObject({ quantity: 3, serial: null, serialUnit: null });
  expect(serialsOf(sold).sort()).toEqual(serials.slice(0, 3));

  const [event] = await shop.rows('pos', 'SELECT data FROM outbox WHERE aggregate_id = $1', [
    saleId,
  ]);
  expect(event!['data'].lines[0].units).toEqual(
    sold.units.map((unit: Result) => ({
      serialUnitId: unit['serialUnit'].id,
      serial: unit['serial'],
    })),
  );
  expect(event!['data'].lines[0]).not.toHaveProperty('serialUnitId');
  await eventually(async () => {
    const states = (await unitsOf('WATCH')).map(({ status }) => status);
    expect(states).toEqual(['SOLD', 'SOLD', 'SOLD', 'AVAILABLE']);
    return true;
  });
  for (const unit of (await unitsOf('WATCH')).slice(0, 3)) {
    expect(await salesOf(unit.id)).toEqual([{ id: saleId }]);
    for (const filter of [
      { serial: unit.serial.toLowerCase() },
      { serialUnitId: unit.id },
      { text: unit.serial },
    ])
      expect(await found(filter)).toEqual([{ id: saleId }]);
  }
  expect(await found({ serial: serials[3] })).toEqual([]);
});

it('whichever way the line comes, and a line of one is as it was', async () => {
  const serials = await stocked('RING', 7);
  const lines = [{ sku: 'RING', quantity: 2 }];
  const opened = await shop.saleOpen({ ...web, lines });
  const saleId = opened['sale'].id as string;
  await shop.saleLinesAdd({ saleId, lines: [{ sku: 'RING' }, { sku: 'RING', quantity: 2 }] });
  const paid = await shop.saleCommit({ saleId, tenders: [cash('500')] });
  const recorded = await shop.saleRecord({ ...web, lines, tenders: [cash('200')] });
  expect(recorded).toMatchObject({ __typename: 'SaleRecordSuccess' });
  const sold = [...paid['sale'].lines, ...recorded['sale'].lines];
  expect(sold.map((line: Result) => line['units'].length)).toEqual([2, 1, 2, 2]);
  expect(sold[1]).toMatchObject({ serial: sold[1].units[0].serial });
  expect(sold.flatMap(serialsOf).sort()).toEqual(serials);
});

it('a named piece is one, and of seven pieces three buyers of two have six', async () => {
  await stocked('PEARL', 7);
  const saleId = (await shop.saleOpen(web))['sale'].id as string;
  const named = { saleId, sku: 'PEARL', serial: 'PEARL-0' };
  expect(await shop.saleLineAdd({ ...named, quantity: 2 })).toMatchObject({ field: 'quantity' });
  const { line } = await shop.saleLineAdd(named);
  const twice = await shop.saleLineUpdate({ saleId, lineId: line.id, quantity: 2 });
  expect(twice).toMatchObject({ __typename: 'InvalidInput', field: 'quantity' });
  await shop.saleVoid({ saleId, reason: 'over' });

  const buyers = Array.from({ length: 8 }, () =>
    shop.saleRecord({
      ...web,
      lines: [{ sku: 'PEARL', quantity: 2 }],
      tenders: [cash('200')],
      idempotencyKey: randomUUID(),
    }),
  );
  const answers = await Promise.all(buyers);
  const sold = answers.filter(({ __typename }) => __typename === 'SaleRecordSuccess');
  expect(sold).toHaveLength(3);
  const taken = sold.flatMap(({ sale }) => serialsOf(sale.lines[0]));
  expect(new Set(taken).size).toBe(6);
});
