import { randomUUID } from 'node:crypto';
import { deliver, movement } from '../../test/movements.ts';
import { addReturns, addSales, addTill, pastLine, type Till } from '../../test/past-sales.ts';
import { startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
let till: Till;
beforeAll(async () => {
  pos = await startPos();
  till = await addTill(pos, 'HQ', 'Front');
});
afterAll(() => pos?.stop());

const reader = { scopes: ['report:read'], subject: 'owner' };
const figures = `pieces piecesWithoutCost net { amount currencyCode } netWithoutCost { amount } cost { amount }
  margin { amount } marginPercent`;
async function margin(variables: Record<string, unknown>, caller = reader) {
  const query = `query ($fromDate: String!, $toDate: String!, $groupBy: SalesGrouping! = DAY, $filter: SalesReportFilterInput) {
    marginReport(fromDate: $fromDate, toDate: $toDate, groupBy: $groupBy, filter: $filter) {
      totals { ${figures} } rows { nodes { key label figures { ${figures} } } } } }`;
  const { data, errors } = await pos.graphql(query, variables, caller);
  if (!data?.['marginReport']) throw new Error(JSON.stringify(errors));
  const { totals, rows } = data['marginReport'];
  return {
    totals: totals.map(short) as string[],
    rows: rows.nodes.map((row: any) => [row.key, short(row.figures)]) as [string | null, string][],
  };
}
/** pieces (without cost): net (without cost) - cost = margin percent. */
const short = (of: any): string =>
  `${of.pieces} (${of.piecesWithoutCost}): ${of.net.amount} (${of.netWithoutCost.amount}) - ${of.cost.amount} = ${of.margin.amount} ${of.marginPercent}`;

type Line = ReturnType<typeof pastLine>;
/** A sale of these lines on one day, and what inventory has of it. */
async function sold(day: string, lines: Line[], currencyCode = 'EUR') {
  const place = { registerId: till.id, locationId: till.locationId, locationCode: 'HQ' };
  const id = randomUUID();
  await addSales(pos, [
    {
      ...{
        ...place,
        id,
        at: `${day}T12:00:00Z`,
        channel: 'COUNTER',
        cashier: 'anna',
        currencyCode,
      },
      ...{ changeMinor: 0, tenders: [], lines },
    },
  ]);
  return id;
}
const eur = (amountMinor: number) => ({ amountMinor, currencyCode: 'EUR' });
const went = (saleId: string, line: Line, given: object) =>
  movement({
    ...{ referenceKind: 'SALE', referenceId: saleId, lineId: line.id, sku: line.sku },
    ...{ reason: 'SALE', quantity: -line.quantity, costQuantity: line.quantity },
    ...given,
  });
async function back(saleId: string, line: Line, day: string, quantity: number, totalMinor: number) {
  const place = { registerId: till.id, shiftId: till.shiftId, locationId: till.locationId };
  const of = {
    id: randomUUID(),
    saleId,
    at: `${day}T13:00:00Z`,
    cashier: 'anna',
    currencyCode: 'EUR',
  };
  await addReturns(pos, [{ ...place, ...of, lines: [{ lineId: line.id, quantity, totalMinor }] }]);
}

it('a margin is of lines whose cost is known, and says how much is not', async () => {
  const chain = pastLine({ sku: 'CHAIN', quantity: 3, unitPriceMinor: 1000, discountMinor: 300 });
  const service = pastLine({ sku: 'RESIZE', unitPriceMinor: 4000 });
  const partly = pastLine({ sku: 'CUP', quantity: 2, unitPriceMinor: 500 });
  const dollars = pastLine({ sku: 'PEARL', unitPriceMinor: 700 });
  const saleId = await sold('2026-01-10', [chain, service, partly, dollars]);
  const movements = [
    went(saleId, chain, { cost: eur(1501) }),
    went(saleId, partly, { cost: eur(100), costQuantity: 1 }),
    went(saleId, dollars, { cost: { amountMinor: 100, currencyCode: 'USD' } }),
  ];
  const before = await margin({ fromDate: '2026-01-10', toDate: '2026-01-10' });
  expect(before.totals).toEqual(['7 (7): 84.00 (84.00) - 0.00 = 0.00 null']);
  await deliver(pos, movements);
  await deliver(pos, movements);
  const after = await margin({ fromDate: '2026-01-10', toDate: '2026-01-10', groupBy: 'SKU' });
  expect(after.totals).toEqual(['7 (4): 84.00 (57.00) - 15.01 = 11.99 44.41']);
  expect(after.rows).toEqual([
    ['CHAIN', '3 (0): 27.00 (0.00) - 15.01 = 11.99 44.41'],
    ['CUP', '2 (2): 10.00 (10.00) - 0.00 = 0.00 null'],
    ['PEARL', '1 (1): 7.00 (7.00) - 0.00 = 0.00 null'],
    ['RESIZE', '1 (1): 40.00 (40.00) - 0.00 = 0.00 null'],
  ]);
});

it('returns of three days have each their share of the cost, and together all of it', async () => {
  const line = pastLine({ sku: 'BEAD', quantity: 3, unitPriceMinor: 1000 });
  const saleId = await sold('2026-02-01', [line]);
  await deliver(pos, [went(saleId, line, { cost: eur(1000) })]);
  for (const day of ['2026-02-02', '2026-02-03', '2026-02-04'])
    await back(saleId, line, day, 1, 1000);
  const days = { fromDate: '2026-02-01', toDate: '2026-02-04' };
  const returned = (quantity: number, amountMinor: number) =>
    went(saleId, line, {
      ...{ reason: 'RETURN', quantity, costQuantity: quantity },
      cost: eur(amountMinor),
    });
  await deliver(pos, [returned(1, 333)]);
  // What inventory has not said yet is not known.
  expect((await margin(days)).rows).toEqual([
    ['2026-02-01', '3 (0): 30.00 (0.00) - 10.00 = 20.00 66.67'],
    ['2026-02-02', '-1 (0): -10.00 (0.00) - -3.33 = -6.67 null'],
    ['2026-02-03', '-1 (-1): -10.00 (-10.00) - 0.00 = 0.00 null'],
    ['2026-02-04', '-1 (-1): -10.00 (-10.00) - 0.00 = 0.00 null'],
  ]);
  await deliver(pos, [returned(2, 667)]);
  const { rows, totals } = await margin(days);
  expect(rows.map(([, of]) => of)).toEqual([
    '3 (0): 30.00 (0.00) - 10.00 = 20.00 66.67',
    '-1 (0): -10.00 (0.00) - -3.33 = -6.67 null',
    '-1 (0): -10.00 (0.00) - -3.34 = -6.66 null',
    '-1 (0): -10.00 (0.00) - -3.33 = -6.67 null',
  ]);
  expect(totals).toEqual(['0 (0): 0.00 (0.00) - 0.00 = 0.00 null']);
});

it('of a wrong size that was corrected the cost is that of the size that went', async () => {
  const line = pastLine({ sku: 'RING-54', quantity: 1, unitPriceMinor: 9000 });
  const saleId = await sold('2026-02-10', [line]);
  await deliver(pos, [
    went(saleId, line, { cost: eur(4000) }),
    went(saleId, line, {
      reason: 'SALE_CORRECTION',
      quantity: 1,
      costQuantity: 1,
      cost: eur(4000),
    }),
    went(saleId, line, {
      reason: 'SALE_CORRECTION',
      costQuantity: 1,
      cost: eur(4500),
      sku: 'RING-56',
    }),
  ]);
  const { totals } = await margin({ fromDate: '2026-02-10', toDate: '2026-02-10' });
  expect(totals).toEqual(['1 (0): 90.00 (0.00) - 45.00 = 45.00 50.00']);
});

it('a movement that names no line is of the first line with its item, and one that names no sale of ours of none', async () => {
  const stockItemId = randomUUID();
  const [first, second] = [pastLine({ sku: 'A' }), pastLine({ sku: 'B' })];
  const saleId = await sold('2026-02-20', [second, first]);
  await pos.rows('UPDATE sale_line SET stock_item_id = $2 WHERE id = $1', [first.id, stockItemId]);
  const other = { lineId: undefined, stockItemId };
  await deliver(pos, [
    went(saleId, first, { ...other, cost: eur(400), costQuantity: undefined }),
    went(randomUUID(), first, { ...other, cost: eur(1) }),
    movement({ referenceKind: 'SALE', referenceId: 'the brooch', reason: 'RETURN' }),
    movement({ reason: 'TRANSFER' }),
  ]);
  const { rows } = await margin({ fromDate: '2026-02-20', toDate: '2026-02-20', groupBy: 'SKU' });
  expect(rows).toEqual([
    ['A', '1 (0): 10.00 (0.00) - 4.00 = 6.00 60.00'],
    ['B', '1 (1): 10.00 (10.00) - 0.00 = 0.00 null'],
  ]);
  const kept = await pos.rows(
    "SELECT reason FROM stock_movement WHERE reason NOT IN ('SALE', 'SALE_CORRECTION') AND sale_id IS NULL",
  );
  expect(kept).toEqual([]);
});

it('sell-through sets what was sold against what came in, in the period', async () => {
  const at = (day: string) => ({ occurredAt: `${day}T10:00:00.000Z`, sku: 'TULIP' });
  await deliver(pos, [
    movement({ ...at('2026-05-01'), quantity: 7, reason: 'OPENING' }),
    movement({ ...at('2026-05-02'), quantity: 5 }),
    movement({ ...at('2026-05-03'), quantity: 3, locationCode: 'GM', locationId: randomUUID() }),
    movement({ ...at('2026-05-09'), quantity: 90 }),
    movement({ ...at('2026-05-02'), quantity: 4, sku: 'ASTER' }),
  ]);
  const line = pastLine({ sku: 'TULIP', quantity: 6 });
  const saleId = await sold('2026-05-03', [line, pastLine({ sku: 'OLD' })]);
  await back(saleId, line, '2026-05-03', 1, 1000);
  const query = `query ($locationCode: String, $first: Int, $after: String) {
    sellThrough(fromDate: "2026-05-01", toDate: "2026-05-03", locationCode: $locationCode, first: $first, after: $after) {
      nodes { sku received sold returned percent } pageInfo { hasNextPage endCursor } } }`;
  const list = async (variables = {}) =>
    (await pos.graphql(query, variables, reader)).data['sellThrough'];
  expect((await list()).nodes).toEqual([
    { sku: 'ASTER', received: 4, sold: 0, returned: 0, percent: '0.00' },
    { sku: 'OLD', received: 0, sold: 1, returned: 0, percent: null },
    { sku: 'TULIP', received: 15, sold: 6, returned: 1, percent: '33.33' },
  ]);
  expect((await list({ locationCode: 'gm' })).nodes).toEqual([
    { sku: 'TULIP', received: 3, sold: 0, returned: 0, percent: '0.00' },
  ]);
  const page = await list({ first: 2 });
  expect(page.pageInfo.hasNextPage).toBe(true);
  expect((await list({ after: page.pageInfo.endCursor })).nodes).toMatchObject([{ sku: 'TULIP' }]);
});

it('a file of margins has what the report says, and another tenant has none of it', async () => {
  const query = `{ reportExport(kind: MARGIN, fromDate: "2026-02-10", toDate: "2026-02-10", groupBy: SKU) { url }
    sold: reportExport(kind: SELL_THROUGH, fromDate: "2026-05-02", toDate: "2026-05-02") { url } }`;
  const fileOf = async (caller = reader) => {
    const { data } = await pos.graphql(query, {}, caller);
    const urls = [data['reportExport'].url, data['sold'].url] as string[];
    return Promise.all(
      urls.map(async (url) => (await fetch(url.replace('http://pos.test', pos.url))).text()),
    );
  };
  const headers = [
    'Group,Name,Currency,Pieces,Pieces without cost,Net,Net without cost,Cost,Margin,Margin percent\n',
    'SKU,Received,Sold,Returned,Percent\n',
  ];
  expect(await fileOf()).toEqual([
    `${headers[0]}RING-54,The RING-54,EUR,1,0,90.00,0.00,45.00,45.00,50.00\n`,
    `${headers[1]}ASTER,4,0,0,0.00\nTULIP,5,0,0,0.00\n`,
  ]);
  expect(await fileOf({ ...reader, tenantId: tenantB } as never)).toEqual(headers);
});
