import { randomUUID } from 'node:crypto';
import { deliver, movement } from '../../test/movements.ts';
import { addReturns, addSales, addTill, pastLine, type Till } from '../../test/past-sales.ts';
import { manager, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let till: Till;
beforeAll(async () => {
  pos = await startPos();
  till = await addTill(pos, 'HQ', 'Front');
});
afterAll(() => pos?.stop());

const reader = { scopes: ['report:read'], subject: 'owner' };
async function setRate(input: object, caller = manager): Promise<any> {
  const query = `mutation ($input: CommissionRateSetInput!) { commissionRateSet(input: $input) { __typename
    ... on CommissionRateSetSuccess { rate { id salesperson basis percent fromDate setBy } }
    ... on UserError { code } ... on InvalidInput { field } } }`;
  const given = {
    idempotencyKey: randomUUID(),
    basis: 'NET',
    percent: '5',
    fromDate: '2026-01-01',
  };
  const { data, errors } = await pos.graphql(query, { input: { ...given, ...input } }, caller);
  if (!data?.['commissionRateSet']) throw new Error(JSON.stringify(errors));
  return data['commissionRateSet'];
}
async function commissions(variables: Record<string, unknown>, caller = reader): Promise<string[]> {
  const query = `query ($fromDate: String!, $toDate: String!, $first: Int, $after: String) {
    commissionReport(fromDate: $fromDate, toDate: $toDate, first: $first, after: $after) { nodes {
      salesperson basis percent net { amount currencyCode } netWithoutCost { amount } base { amount } commission { amount } } } }`;
  const { data } = await pos.graphql(query, variables, caller);
  return data['commissionReport'].nodes.map((of: any) =>
    [
      ...[of.salesperson, of.basis, of.percent, of.net.amount, of.net.currencyCode],
      ...[of.netWithoutCost.amount, of.base.amount, of.commission.amount],
    ].join(' '),
  );
}

/** One line, sold by somebody on a day. */
async function sold(cashier: string, day: string, unitPriceMinor: number, costMinor?: number) {
  const place = { registerId: till.id, locationId: till.locationId, locationCode: 'HQ' };
  const [id, line] = [randomUUID(), pastLine({ unitPriceMinor })];
  const at = `${day}T12:00:00Z`;
  const of = { ...place, id, at, channel: 'COUNTER', cashier, currencyCode: 'EUR', changeMinor: 0 };
  await addSales(pos, [{ ...of, tenders: [], lines: [line] }]);
  const reference = { referenceKind: 'SALE', referenceId: id, lineId: line.id };
  const cost = { amountMinor: costMinor ?? 0, currencyCode: 'EUR' };
  if (costMinor !== undefined)
    await deliver(pos, [
      movement({ ...reference, reason: 'SALE', quantity: -1, cost, costQuantity: 1 }),
    ]);
  return { id, line };
}
async function takenBack({ id: saleId, line }: Awaited<ReturnType<typeof sold>>, day: string) {
  const place = { registerId: till.id, shiftId: till.shiftId, locationId: till.locationId };
  const of = {
    id: randomUUID(),
    saleId,
    at: `${day}T12:00:00Z`,
    cashier: 'carl',
    currencyCode: 'EUR',
  };
  const lines = [{ lineId: line.id, quantity: 1, totalMinor: line.unitPriceMinor }];
  await addReturns(pos, [{ ...place, ...of, lines }]);
}

it('a salesperson is due the rate of the day of each sale, and what comes back takes back that rate', async () => {
  await setRate({ percent: '2', fromDate: '2026-01-01' });
  await setRate({ salesperson: 'anna', percent: '5', fromDate: '2026-02-01' });
  await setRate({ salesperson: 'anna', percent: '99', fromDate: '2026-02-10' });
  // The newest word on a day holds.
  await setRate({ salesperson: 'anna', percent: '7.5', fromDate: '2026-02-10' });
  await sold('anna', '2025-12-31', 10_000);
  await sold('anna', '2026-01-31', 10_000);
  const early = await sold('anna', '2026-02-09', 10_010);
  await sold('anna', '2026-02-10', 1_001);
  await sold('ben', '2026-02-10', 5_025);
  expect(await commissions({ fromDate: '2025-12-01', toDate: '2026-02-28' })).toEqual([
    'anna   100.00 EUR 100.00 0.00 0.00',
    'anna NET 2 100.00 EUR 100.00 100.00 2.00',
    'anna NET 5 100.10 EUR 100.10 100.10 5.01',
    'anna NET 7.5 10.01 EUR 10.01 10.01 0.75',
    'ben NET 2 50.25 EUR 50.25 50.25 1.01',
  ]);
  // Taken back by another one, after the rate has changed.
  await takenBack(early, '2026-03-02');
  expect(await commissions({ fromDate: '2026-03-01', toDate: '2026-03-31' })).toEqual([
    'anna NET 5 -100.10 EUR -100.10 -100.10 -5.01',
  ]);
  const days = { fromDate: '2025-12-01', toDate: '2026-02-28' };
  const pages = await Promise.all([commissions({ ...days, first: 2 }), commissions(days)]);
  expect(pages[0]).toEqual(pages[1].slice(0, 2));
});

it('a commission of the margin is of what has a known cost alone', async () => {
  await setRate({ salesperson: 'dora', basis: 'MARGIN', percent: '10', fromDate: '2026-01-01' });
  await sold('dora', '2026-04-01', 10_000, 6_005);
  await sold('dora', '2026-04-02', 9_999);
  await sold('dora', '2026-04-03', 1_000, 1_500);
  expect(await commissions({ fromDate: '2026-04-01', toDate: '2026-04-30' })).toEqual([
    'dora MARGIN 10 209.99 EUR 99.99 34.95 3.50',
  ]);
});

it('a file of commissions has what the report says', async () => {
  const query = `{ reportExport(kind: COMMISSION, fromDate: "2026-04-01", toDate: "2026-04-30") { url } }`;
  const { data } = await pos.graphql(query, {}, reader);
  const url = (data['reportExport'].url as string).replace('http://pos.test', pos.url);
  expect(await (await fetch(url)).text()).toBe(
    'Salesperson,Currency,Basis,Percent,Net,Net without cost,Base,Commission\n' +
      'dora,EUR,MARGIN,10,209.99,99.99,34.95,3.50\n',
  );
});

it('a rate is set once for a key, listed newest first, and never another tenant’s', async () => {
  const input = { idempotencyKey: randomUUID(), salesperson: 'eve', percent: '12.34' };
  const first = await setRate(input);
  expect(first.rate).toMatchObject({ salesperson: 'eve', percent: '12.34', setBy: 'manager' });
  expect(await setRate(input)).toEqual(first);
  expect(await setRate({ ...input, percent: '1' })).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  const query =
    '{ commissionRates(first: 1) { nodes { salesperson percent } pageInfo { hasNextPage } } }';
  const list = async (caller = reader) =>
    (await pos.graphql(query, {}, caller)).data['commissionRates'];
  expect(await list()).toEqual({
    nodes: [{ salesperson: 'eve', percent: '12.34' }],
    pageInfo: { hasNextPage: true },
  });
  expect((await list({ ...reader, tenantId: tenantB } as never)).nodes).toEqual([]);
  await expect(
    setRate({}, { scopes: ['report:read', 'sale:write'], subject: 'anna' }),
  ).rejects.toThrow('FORBIDDEN');
});

it.each([
  ['more than all of it', { percent: '100.01' }, 'percent'],
  ['less than nothing', { percent: '-1' }, 'percent'],
  ['a thousandth', { percent: '1.001' }, 'percent'],
  ['a day that is none', { fromDate: '2026-02-30' }, 'fromDate'],
  ['nobody', { salesperson: '' }, 'salesperson'],
])('%s is no rate, and nothing is written', async (_name, input, field) => {
  const count = async () => (await pos.rows('SELECT count(*) AS n FROM commission_rate'))[0]!['n'];
  const before = await count();
  expect(await setRate(input)).toMatchObject({ __typename: 'InvalidInput', field });
  expect(await count()).toEqual(before);
});
