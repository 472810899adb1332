import { randomUUID } from 'node:crypto';
import { startPos, tenantA, type Pos } from '../../test/pos.harness.ts';
import {
  addReturns,
  addSales,
  addTill,
  pastLine,
  type PastSale,
  type Till,
} from '../../test/past-sales.ts';

let pos: Pos;
let till: Till;
beforeAll(async () => {
  pos = await startPos();
  till = await addTill(pos, 'HQ', '=cmd()');
  const settings = { shopName: 'Shop', locale: 'en', timeZone: '+05:45' };
  await pos.receiptSettingsSet(settings, { scopes: ['register:manage'], subject: 'manager' });
});
afterAll(() => pos?.stop());

const sale = (given: Partial<PastSale> = {}): PastSale => ({
  ...{ id: randomUUID(), at: '2026-03-01T12:00:00.123Z', channel: 'COUNTER', registerId: till.id },
  ...{ locationId: till.locationId, locationCode: 'HQ', cashier: 'anna', currencyCode: 'EUR' },
  ...{ changeMinor: 0, tenders: [{ kind: 'CARD', amountMinor: 1000 }], lines: [pastLine()] },
  ...given,
});

const reader = { scopes: ['report:read'], subject: 'owner' };
async function addressOf(variables: object): Promise<{ url: string; expiresAt: string }> {
  const query = `query ($kind: ReportFileKind!, $fromDate: String!, $toDate: String!, $groupBy: SalesGrouping! = DAY,
    $filter: SalesReportFilterInput, $byteOrderMark: Boolean! = false) {
    reportExport(kind: $kind, fromDate: $fromDate, toDate: $toDate, groupBy: $groupBy, filter: $filter,
      byteOrderMark: $byteOrderMark) { url expiresAt } }`;
  const { data, errors } = await pos.graphql(query, { ...variables }, reader);
  if (!data) throw new Error(JSON.stringify(errors));
  return data['reportExport'];
}
const fetched = (url: string) => fetch(url.replace('http://pos.test', pos.url));
async function fileOf(variables: object): Promise<string> {
  const answer = await fetched((await addressOf(variables)).url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  return Buffer.from(await answer.arrayBuffer()).toString('utf8');
}

it('a file of lines has what was sold and what came back, instants in both clocks, and no formula', async () => {
  const [first, second] = [
    pastLine({ sku: '-SUM(A1)', category: 'Rings, "gold"', discountMinor: 100 }),
    pastLine(),
  ];
  const sold = sale({ lines: [first, { ...second, quantity: 2 }] });
  await addSales(pos, [sold]);
  const place = { registerId: till.id, shiftId: till.shiftId, locationId: till.locationId };
  const back = {
    ...place,
    id: randomUUID(),
    saleId: sold.id,
    cashier: '@ben',
    currencyCode: 'EUR',
  };
  await addReturns(pos, [
    {
      ...back,
      at: '2026-03-01T18:15:00Z',
      lines: [{ lineId: second.id, quantity: 1, totalMinor: 1000 }],
    },
  ]);
  const period = { fromDate: '2026-03-01', toDate: '2026-03-02' };
  const lines = await fileOf({ kind: 'LINES', ...period });
  const at = `${sold.id},2026-03-01T12:00:00.123Z,2026-03-01T17:45:00,HQ,'=cmd(),COUNTER,anna`;
  expect(lines.split('\n')).toEqual([
    'Kind,Number,Sale,At,Local time,Location,Register,Channel,Cashier,SKU,Title,Serial,Category,Vendor,Quantity,Gross,Discount,Total,Currency',
    `SALE,P-${sold.id},${at},'-SUM(A1),The -SUM(A1),,"Rings, ""gold""",,1,10.00,1.00,9.00,EUR`,
    `SALE,P-${sold.id},${at},RING,The RING,,,,2,20.00,0.00,20.00,EUR`,
    // 00:00 of the next day there.
    `RETURN,R-${back.id},${sold.id},2026-03-01T18:15:00.000Z,2026-03-02T00:00:00,HQ,'=cmd(),COUNTER,'@ben,RING,The RING,,,,-1,-10.00,0.00,-10.00,EUR`,
    '',
  ]);
  expect(await fileOf({ kind: 'LINES', ...period, filter: { sku: 'RING' } })).toBe(
    lines
      .split('\n')
      .filter((_, index) => index !== 1)
      .join('\n'),
  );
  expect(await fileOf({ kind: 'SALES', ...period, groupBy: 'REGISTER' })).toBe(
    'Group,Name,Currency,Sales,Returns,Pieces,Pieces returned,Gross,Discounts,Sold,Returned,Net,Average sale\n' +
      `${till.id},'=cmd(),EUR,1,1,3,1,30.00,1.00,29.00,10.00,19.00,29.00\n`,
  );
  expect(await fileOf({ kind: 'TENDERS', ...period, byteOrderMark: true })).toBe(
    '\uFEFFTender,Currency,Payments,Received,Change,Refunds,Refunded,Net\nCARD,EUR,1,10.00,0.00,0,0.00,10.00\n',
  );
});

it('a file of several pages has every line once, also of sales of one instant', async () => {
  const sales = Array.from({ length: 700 }, () =>
    sale({ at: '2026-04-01T12:00:00Z', lines: [pastLine(), pastLine(), pastLine()] }),
  );
  await addSales(pos, sales);
  const rows = (
    await fileOf({ kind: 'LINES', fromDate: '2026-04-01', toDate: '2026-04-02' })
  ).split('\n');
  expect(rows).toHaveLength(1 + 2_100 + 1);
  expect(new Set(rows.map((row) => row.split(',')[2])).size).toBe(700 + 2);
  const bySale = Map.groupBy(rows.slice(1, -1), (row) => row.split(',')[2]);
  expect([...bySale.values()].every((lines) => lines.length === 3)).toBe(true);
});

it('an address is the permission for what it says, and for nothing else', async () => {
  const { url } = await addressOf({ kind: 'SALES', fromDate: '2026-03-01', toDate: '2026-03-01' });
  for (const [from, to] of [
    ['SALES', 'LINES'],
    [tenantA, '01900000-0000-7000-8000-00000000000b'],
  ] as const) {
    expect(url).toContain(from);
    expect((await fetched(url.replace(from, to))).status).toBe(403);
  }
  const query =
    '{ reportExport(kind: SALES, fromDate: "2026-03-01", toDate: "2026-03-01") { url } }';
  const { errors } = await pos.graphql(query, {}, { scopes: ['sale:read'] });
  expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
});
