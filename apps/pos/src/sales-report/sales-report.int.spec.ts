import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  cash,
  card,
  manager,
  startPos,
  tenantA,
  tenantB,
  type Pos,
} from '../../test/pos.harness.ts';
import {
  addReturns,
  addSales,
  addTill,
  pastLine,
  totalOf,
  totalOfSale,
  type PastReturn,
  type PastSale,
  type Till,
} from '../../test/past-sales.ts';

let pos: Pos;
let tills: Till[];
beforeAll(async () => {
  pos = await startPos();
  await pos.rows(
    `INSERT INTO known_location (tenant_id, id, code, name) VALUES ($1, $2, 'GM', 'GM')`,
    [tenantA, randomUUID()],
  );
  tills = [await addTill(pos, 'HQ', 'Front'), await addTill(pos, 'GM', 'Back')];
  for (const [locationCode, timeZone] of [
    ['HQ', 'America/New_York'],
    [undefined, 'Asia/Kathmandu'],
  ] as const)
    await pos.receiptSettingsSet(
      { shopName: 'Shop', locale: 'en', timeZone, locationCode },
      manager,
    );
});
afterAll(() => pos?.stop());

const reader = { scopes: ['report:read'], subject: 'owner' };
const figures = `sales returns pieces returnedPieces gross { amount currencyCode } discounts { amount } sold { amount }
  returned { amount } net { amount } averageSale { amount }`;
const reportQuery = `query ($fromDate: String!, $toDate: String!, $groupBy: SalesGrouping!, $filter: SalesReportFilterInput, $first: Int, $after: String) {
  salesReport(fromDate: $fromDate, toDate: $toDate, groupBy: $groupBy, filter: $filter) {
    totals { ${figures} } rows(first: $first, after: $after) { nodes { key label figures { ${figures} } } pageInfo { hasNextPage endCursor } } } }`;

const report = async (variables: Record<string, unknown>, caller = reader) =>
  (await pos.graphql(reportQuery, { groupBy: 'DAY', first: 100, ...variables }, caller)) as any;

/** A figure as short as a test can read it. */
const short = (of: any) => ({
  ...{ sales: of.sales, returns: of.returns, pieces: of.pieces, back: of.returnedPieces },
  money: [of.gross, of.discounts, of.sold, of.returned, of.net]
    .map(({ amount }) => amount)
    .join(' '),
  average: of.averageSale?.amount ?? null,
});

const sale = (given: Partial<PastSale> = {}): PastSale => ({
  ...{ id: randomUUID(), at: '2026-03-01T12:00:00Z', channel: 'WEB', registerId: null },
  ...{ locationId: null, locationCode: null, cashier: 'anna', currencyCode: 'EUR' },
  ...{ changeMinor: 0, tenders: [], lines: [pastLine()] },
  ...given,
});
const atTill = (till: Till) => ({
  ...{ channel: 'COUNTER', registerId: till.id, locationId: till.locationId },
  locationCode: till.locationCode,
});

it('a day ends at midnight of its location, and a location without a zone has that of the shop', async () => {
  const lines = [pastLine({ unitPriceMinor: 100 })];
  await addSales(pos, [
    // 23:59 of the 9th, and the first second of the 10th, in New York.
    sale({ ...atTill(tills[0]!), at: '2025-05-10T03:59:59Z', lines }),
    sale({
      ...atTill(tills[0]!),
      at: '2025-05-10T04:00:00Z',
      lines: [pastLine({ unitPriceMinor: 200 })],
    }),
    // 00:15 of the 11th in Kathmandu, for GM and for a web shop without a location.
    sale({
      ...atTill(tills[1]!),
      at: '2025-05-10T18:30:00Z',
      lines: [pastLine({ unitPriceMinor: 400 })],
    }),
    sale({ at: '2025-05-10T18:14:59Z', lines: [pastLine({ unitPriceMinor: 800 })] }),
  ]);
  const { salesReport } = (await report({ fromDate: '2025-05-09', toDate: '2025-05-11' })).data;
  const byDay = salesReport.rows.nodes.map((row: any) => [row.key, row.figures.sold.amount]);
  expect(byDay).toEqual([
    ['2025-05-09', '1.00'],
    ['2025-05-10', '10.00'],
    ['2025-05-11', '4.00'],
  ]);
  const one = (await report({ fromDate: '2025-05-10', toDate: '2025-05-10' })).data.salesReport;
  expect(one.totals.map(short)).toEqual([
    {
      sales: 2,
      returns: 0,
      pieces: 2,
      back: 0,
      money: '10.00 0.00 10.00 0.00 10.00',
      average: '5.00',
    },
  ]);
  const hours = (await report({ fromDate: '2025-05-09', toDate: '2025-05-11', groupBy: 'HOUR' }))
    .data;
  expect(hours.salesReport.rows.nodes.map(({ key }: any) => key)).toEqual(['00', '23']);
  const weekdays = (
    await report({ fromDate: '2025-05-09', toDate: '2025-05-11', groupBy: 'WEEKDAY' })
  ).data;
  expect(weekdays.salesReport.rows.nodes.map(({ key }: any) => key)).toEqual(['5', '6', '7']);
});

it('what is sold and taken back at a till is in the report and in the tenders, to the cent', async () => {
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 20, priceMinor: 1250 });
  const [till] = tills as [Till];
  const { sale: opened } = await pos.saleOpen({
    channel: 'COUNTER',
    registerId: till.id,
    currencyCode: 'EUR',
  });
  await pos.saleLineAdd({ saleId: opened.id, sku: 'CHAIN', quantity: 3 });
  const paid = await pos.saleCommit({
    saleId: opened.id,
    tenders: [card('7.50'), cash('20.00'), cash('20.00')],
  });
  expect(paid).toMatchObject({
    __typename: 'SaleCommitSuccess',
    sale: { change: { amount: '10.00' } },
  });
  const lines = [{ lineId: paid['sale'].lines[0].id, quantity: 1 }];
  const back = await pos.saleReturn({
    saleId: opened.id,
    registerId: till.id,
    reason: 'FAULTY',
    lines,
  });
  expect(back.__typename).toBe('SaleReturnSuccess');

  const [day] = await pos.rows<{ today: string }>(
    `SELECT to_char(now() AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS today`,
  );
  const period = { fromDate: day!.today, toDate: day!.today, filter: { registerId: till.id } };
  const { salesReport } = (await report({ ...period, groupBy: 'REGISTER' })).data;
  const expected = {
    ...{ sales: 1, returns: 1, pieces: 3, back: 1, money: '37.50 0.00 37.50 12.50 25.00' },
    average: '37.50',
  };
  expect(salesReport.rows.nodes).toMatchObject([{ key: till.id, label: 'Front' }]);
  expect(salesReport.rows.nodes.map((row: any) => short(row.figures))).toEqual([expected]);
  expect(salesReport.totals.map(short)).toEqual([expected]);

  const tenders = await pos.graphql(
    `query ($fromDate: String!, $toDate: String!, $filter: TenderReportFilterInput) {
      tenderReport(fromDate: $fromDate, toDate: $toDate, filter: $filter) {
        kind payments received { amount } change { amount } refunds refunded { amount } net { amount } } }`,
    period,
    reader,
  );
  const amounts = (of: any) =>
    [of.received, of.change, of.refunded, of.net].map(({ amount }) => amount).join(' ');
  expect(
    tenders.data['tenderReport'].map((of: any) => [of.kind, of.payments, of.refunds, amounts(of)]),
  ).toEqual([
    ['CASH', 2, 1, '40.00 10.00 5.00 25.00'],
    ['CARD', 1, 1, '7.50 0.00 7.50 0.00'],
  ]);
});

it('a line keeps the category and the vendor that its product had when it was added', async () => {
  const product = { sku: 'CUFF', tracking: 'NONE' as const, priceMinor: 500 };
  await pos.product({ ...product, category: 'Jewellery > Cuffs', vendor: 'Nexus' });
  const sell = async () => {
    const saleId = await pos.basket('CUFF');
    expect((await pos.saleCommit({ saleId, tenders: [card('5.00')] })).__typename).toBe(
      'SaleCommitSuccess',
    );
  };
  await sell();
  await pos.product({ ...product, version: 2, category: 'Sale', vendor: undefined });
  await sell();
  const [{ from, to } = { from: '', to: '' }] = await pos.rows<{ from: string; to: string }>(
    `SELECT to_char(now() - interval '1 day', 'YYYY-MM-DD') AS from, to_char(now() + interval '1 day', 'YYYY-MM-DD') AS to`,
  );
  const filter = { sku: 'CUFF' };
  const by = async (groupBy: string) => {
    const { salesReport } = (await report({ fromDate: from, toDate: to, groupBy, filter })).data;
    return salesReport.rows.nodes.map((row: any) => [row.key, row.label, row.figures.sold.amount]);
  };
  expect(await by('CATEGORY')).toEqual([
    ['Jewellery > Cuffs', null, '5.00'],
    ['Sale', null, '5.00'],
  ]);
  expect(await by('VENDOR')).toEqual([
    [null, null, '5.00'],
    ['Nexus', null, '5.00'],
  ]);
  expect(await by('SKU')).toEqual([['CUFF', 'CUFF', '10.00']]);
});

// The same figures from the same documents, another way: by hand, and by the time zones of JavaScript.
type Entry = {
  keys: Record<string, string>;
  currencyCode: string;
  document: string;
  isBack: boolean;
  pieces: number;
  gross: number;
  discount: number;
  total: number;
};

function entriesOf(sales: PastSale[], returns: PastReturn[], from: string, to: string): Entry[] {
  const zoneOf = (locationId: string | null) =>
    locationId === tills[0]!.locationId ? 'America/New_York' : 'Asia/Kathmandu';
  const clock = (at: string, locationId: string | null) => {
    const format = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone: zoneOf(locationId), hourCycle: 'h23', weekday: 'short' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' },
    });
    const part = Object.fromEntries(
      format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]),
    );
    const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    return {
      DAY: `${part['year']}-${part['month']}-${part['day']}`,
      HOUR: part['hour']!,
      WEEKDAY: String(weekdays.indexOf(part['weekday']!.slice(0, 3)) + 1),
    };
  };
  const byId = new Map(sales.map((one) => [one.id, one]));
  const ofLine = (of: PastSale, line: PastSale['lines'][number]) => ({
    ...{
      CHANNEL: of.channel,
      CATEGORY: line.category ?? '',
      VENDOR: line.vendor ?? '',
      SKU: line.sku,
    },
  });
  const sold = sales.flatMap((of) =>
    of.lines.map((line): Entry => ({
      keys: {
        ...{
          ...clock(of.at, of.locationId),
          ...ofLine(of, line),
          SALESPERSON: of.cashier,
          CASHIER: of.cashier,
        },
        ...{ REGISTER: of.registerId ?? '', LOCATION: of.locationId ?? '' },
      },
      ...{ currencyCode: of.currencyCode, document: of.id, isBack: false, pieces: line.quantity },
      ...{
        gross: line.quantity * line.unitPriceMinor,
        discount: line.discountMinor,
        total: totalOf(line),
      },
    })),
  );
  const back = returns.flatMap((of) =>
    of.lines.map(({ lineId, quantity, totalMinor }): Entry => {
      const from = byId.get(of.saleId)!;
      return {
        keys: {
          ...clock(of.at, of.locationId),
          ...ofLine(
            from,
            from.lines.find(({ id }) => id === lineId)!,
          ),
          ...{
            CASHIER: of.cashier,
            SALESPERSON: from.cashier,
            REGISTER: of.registerId,
            LOCATION: of.locationId,
          },
        },
        ...{ currencyCode: of.currencyCode, document: of.id, isBack: true, pieces: quantity },
        ...{ gross: 0, discount: 0, total: totalMinor },
      };
    }),
  );
  return [...sold, ...back].filter(({ keys }) => keys['DAY']! >= from && keys['DAY']! <= to);
}

function figuresOf(entries: Entry[]) {
  const sum = (of: Entry[], amount: (entry: Entry) => number) =>
    of.reduce((total, entry) => total + amount(entry), 0);
  const text = (minor: number) => {
    const exponent = { EUR: 2, JPY: 0, KWD: 3 }[entries[0]!.currencyCode]!;
    return (minor / 10 ** exponent).toFixed(exponent);
  };
  const [sold, back] = [
    entries.filter(({ isBack }) => !isBack),
    entries.filter(({ isBack }) => isBack),
  ];
  const [total, returned] = [sold, back].map((of) => sum(of, (entry) => entry.total)) as [
    number,
    number,
  ];
  const sales = new Set(sold.map(({ document }) => document)).size;
  return {
    ...{ sales, returns: new Set(back.map(({ document }) => document)).size },
    ...{ pieces: sum(sold, ({ pieces }) => pieces), back: sum(back, ({ pieces }) => pieces) },
    money: [
      sum(sold, ({ gross }) => gross),
      sum(sold, ({ discount }) => discount),
      total,
      returned,
      total - returned,
    ]
      .map(text)
      .join(' '),
    average: sales === 0 ? null : text(Math.floor((2 * total + sales) / (2 * sales))),
  };
}

const randomSale = fc
  .record({
    at: fc.date({
      min: new Date('2026-06-01T00:00:00Z'),
      max: new Date('2026-06-05T23:59:59Z'),
      noInvalidDate: true,
    }),
    till: fc.constantFrom(0, 1, null),
    cashier: fc.constantFrom('anna', 'ben'),
    currencyCode: fc.constantFrom('EUR', 'JPY', 'KWD'),
    channel: fc.constantFrom('WEB', 'PHONE'),
    lines: fc.array(
      fc.record({
        sku: fc.constantFrom('A', 'B', 'a'),
        category: fc.constantFrom('Rings', 'Chains', null),
        vendor: fc.constantFrom('Nexus', null),
        quantity: fc.integer({ min: 1, max: 5 }),
        unitPriceMinor: fc.integer({ min: 0, max: 5000 }),
        discount: fc.integer({ min: 0, max: 100 }),
        back: fc.option(
          fc.record({ hours: fc.integer({ min: 0, max: 72 }), till: fc.constantFrom(0, 1) }),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ at, till, lines, ...rest }) => {
    const sold = sale({
      ...{ ...rest, ...(till === null ? {} : atTill(tills[till]!)), at: at.toISOString() },
      lines: lines.map(({ discount, back: _, ...line }) =>
        pastLine({
          ...line,
          discountMinor: Math.floor((line.quantity * line.unitPriceMinor * discount) / 100),
        }),
      ),
    });
    const returns = lines.flatMap(({ back }, index): PastReturn[] => {
      if (back === null) return [];
      const line = sold.lines[index]!;
      const place = tills[back.till]!;
      return [
        {
          ...{
            id: randomUUID(),
            saleId: sold.id,
            currencyCode: sold.currencyCode,
            cashier: 'carl',
          },
          at: new Date(at.getTime() + back.hours * 3_600_000).toISOString(),
          ...{ registerId: place.id, shiftId: place.shiftId, locationId: place.locationId },
          lines: [
            { lineId: line.id, quantity: 1, totalMinor: Math.floor(totalOf(line) / line.quantity) },
          ],
        },
      ];
    });
    return { sold, returns };
  });

it('every report adds up to its documents, whatever was sold and came back', async () => {
  const groupings = [
    'DAY',
    'HOUR',
    'WEEKDAY',
    'CHANNEL',
    'REGISTER',
    'LOCATION',
    'CATEGORY',
    'VENDOR',
    'SKU',
    'CASHIER',
    'SALESPERSON',
  ];
  const all = fc.sample(randomSale, { numRuns: 150, seed: 20260601 });
  const [sales, returns] = [all.map(({ sold }) => sold), all.flatMap((one) => one.returns)];
  await addSales(pos, sales);
  await addReturns(pos, returns);
  const [fromDate, toDate] = ['2026-06-02', '2026-06-04'];
  const entries = entriesOf(sales, returns, fromDate, toDate);
  expect(entries.length).toBeGreaterThan(100);
  const expectedTotals = [...Map.groupBy(entries, ({ currencyCode }) => currencyCode)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => figuresOf(group));
  for (const groupBy of groupings) {
    const { salesReport } = (await report({ fromDate, toDate, groupBy })).data;
    expect(salesReport.totals.map(short)).toEqual(expectedTotals);
    const groups = Map.groupBy(
      entries,
      ({ keys, currencyCode }) => `${keys[groupBy]}\n${currencyCode}`,
    );
    const rows = salesReport.rows.nodes.map((row: any) => [
      `${row.key ?? ''}\n${row.figures.gross.currencyCode}`,
      short(row.figures),
    ]);
    expect(rows.map(([key]: [string]) => key)).toEqual([...groups.keys()].sort());
    for (const [key, of] of rows) expect([key, of]).toEqual([key, figuresOf(groups.get(key)!)]);
    expect(salesReport.rows.pageInfo.hasNextPage).toBe(false);
  }
  // To the cent of the documents themselves.
  const inside = sales.filter(({ currencyCode }) => currencyCode === 'EUR');
  const days = { fromDate: '2026-05-30', toDate: '2026-06-08', groupBy: 'CHANNEL' };
  const whole = (await report(days)).data.salesReport.totals.find(
    (of: any) => of.gross.currencyCode === 'EUR',
  );
  expect(whole.sold.amount).toBe(
    (inside.reduce((sum, one) => sum + totalOfSale(one), 0) / 100).toFixed(2),
  );
});

it('rows are read page by page without a gap', async () => {
  const days = { fromDate: '2026-06-02', toDate: '2026-06-04', groupBy: 'CATEGORY' };
  const whole = (await report(days)).data.salesReport.rows.nodes;
  const read: unknown[] = [];
  for (let after: string | undefined, more = true; more;) {
    const { rows } = (await report({ ...days, first: 2, after })).data.salesReport;
    read.push(...rows.nodes);
    [after, more] = [rows.pageInfo.endCursor, rows.pageInfo.hasNextPage];
  }
  expect(read).toEqual(whole);
});

it.each([
  ['a day that is none', { fromDate: '2026-02-30', toDate: '2026-03-01' }],
  ['an instant', { fromDate: '2026-02-01T00:00:00Z', toDate: '2026-03-01' }],
  ['a period that ends before it begins', { fromDate: '2026-03-02', toDate: '2026-03-01' }],
  ['more than 400 days', { fromDate: '2025-01-01', toDate: '2026-02-05' }],
  [
    'a till that is no id',
    { fromDate: '2026-03-01', toDate: '2026-03-01', filter: { registerId: 'x' } },
  ],
])('%s is no report', async (_name, variables) => {
  const answer = await report(variables);
  expect(answer.errors[0].extensions.code).toBe('BAD_USER_INPUT');
});

it('a cashier sees no report, and another tenant none of ours', async () => {
  const days = { fromDate: '2026-06-02', toDate: '2026-06-04' };
  const refused = await report(days, { scopes: ['sale:write', 'sale:read'], subject: 'anna' });
  expect(refused.errors[0].extensions.code).toBe('FORBIDDEN');
  const theirs = await report(days, { ...reader, tenantId: tenantB } as never);
  expect(theirs.data.salesReport).toEqual({
    totals: [],
    rows: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
  });
});

it('PostgreSQL knows every time zone that a location may be given', async () => {
  const zones = Intl.supportedValuesOf('timeZone');
  expect(zones.length).toBeGreaterThan(400);
  const rows = await pos.rows(`SELECT now() AT TIME ZONE z FROM unnest($1::text[]) AS z`, [zones]);
  expect(rows).toHaveLength(zones.length);
});
