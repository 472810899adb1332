import { randomUUID } from 'node:crypto';
import {
  card,
  cash,
  manager,
  startPos,
  tenantB,
  type Pos,
  type Result,
} from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 100_000 });
  await pos.product({ sku: 'ODD', tracking: 'QUANTITY', onHand: 100_000, priceMinor: 3_333 });
  await pos.product({ sku: 'FREE', tracking: 'QUANTITY', onHand: 100_000, priceMinor: 0 });
  await pos.product({ sku: 'RESIZE', tracking: 'NONE' });
});
afterAll(() => pos?.stop());

const money = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
async function openTill(float: string | null = '1000'): Promise<string> {
  const openingFloat = float && money(float);
  const till = { locationCode: 'HQ', registerName: randomUUID(), openingFloat };
  return (await pos.registerOpen(till))['register'].id;
}
async function sell(lines: object[], tenders: object[], registerId?: string): Promise<Result> {
  const where = registerId
    ? { channel: 'COUNTER', registerId }
    : { channel: 'WEB', locationCode: 'HQ' };
  const opened = await pos.saleOpen({ ...where, currencyCode: 'EUR', lines });
  const answer = await pos.saleCommit({ saleId: opened['sale'].id, tenders });
  if (answer.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(answer));
  return answer['sale'];
}
const back = (sale: Result, registerId: string, part: object = {}) => ({
  ...{ saleId: sale['id'], registerId, reason: 'FAULTY' },
  lines: sale['lines'].map(({ id }: Result) => ({ lineId: id })),
  ...part,
});
const written = () =>
  pos.rows(`SELECT (SELECT count(*)::int FROM sale_return) AS returns, (SELECT count(*)::int FROM sale_return_line) AS lines,
    (SELECT count(*)::int FROM sale_return_refund) AS refunds, (SELECT sum(returned_quantity)::int FROM sale_line) AS back,
    (SELECT sum(refunded_minor)::int FROM sale_tender) AS refunded, (SELECT sum(version)::int FROM sale) AS versions,
    (SELECT count(*)::int FROM outbox WHERE type = 'pos.sale-returned') AS events`);
const returnsOf = async (saleId: string) =>
  (
    await pos.graphql(
      `query($id: ID!) { sale(id: $id) { refunded { amount } lines { returnedQuantity } returns { number total { amount } } } }`,
      { id: saleId },
      { scopes: ['sale:read'] },
    )
  ).data['sale'];

it('takes parts back at any till, the way they were paid, and says so once under the key of the sale', async () => {
  const registerId = await openTill();
  const sale = await sell(
    [{ sku: 'ODD', quantity: 3 }, { sku: 'RESIZE' }],
    [card('50'), cash('160')],
  );
  const [odd, service] = sale['lines'];
  const input = back(sale, registerId, {
    lines: [{ lineId: odd.id, quantity: 2, disposition: 'BENCH' }],
    ...{ note: ' loose clasp ', idempotencyKey: randomUUID() },
  });
  const first = await pos.saleReturn(input);
  expect(first).toMatchObject({
    __typename: 'SaleReturnSuccess',
    saleReturn: {
      number: expect.stringMatching(/^HQ\/R-\d{6}$/),
      ...{ reason: 'FAULTY', note: 'loose clasp', returnedBy: 'cashier', sale: { id: sale['id'] } },
      total: money('66.66'),
      lines: [
        {
          line: { id: odd.id, returnedQuantity: 2 },
          quantity: 2,
          total: { amount: '66.66' },
          disposition: 'BENCH',
        },
      ],
      refunds: [
        { tenderIndex: 0, kind: 'CARD', amount: { amount: '50.00' } },
        { tenderIndex: 1, kind: 'CASH', amount: { amount: '16.66' } },
      ],
    },
  });
  expect(await pos.saleReturn(input)).toEqual(first);
  expect((await pos.saleReturn({ ...input, note: 'other' })).__typename).toBe(
    'IdempotencyKeyReused',
  );
  const second = await pos.saleReturn(
    back(sale, registerId, { lines: [{ lineId: odd.id }, { lineId: service.id }] }),
  );
  expect(second['saleReturn']).toMatchObject({
    total: money('133.33'),
    lines: [
      { quantity: 1, disposition: 'STOCK' },
      { quantity: 1, disposition: null },
    ],
    refunds: [{ kind: 'CASH', amount: { amount: '133.33' } }],
  });
  expect(await returnsOf(sale['id'])).toEqual({
    refunded: { amount: '199.99' },
    lines: [{ returnedQuantity: 3 }, { returnedQuantity: 1 }],
    returns: [
      { number: first['saleReturn'].number, total: { amount: '66.66' } },
      { number: second['saleReturn'].number, total: { amount: '133.33' } },
    ],
  });
  const events = await pos.rows(
    'SELECT type, sequence::int, data FROM outbox WHERE aggregate_id = $1 ORDER BY position',
    [sale['id']],
  );
  expect(events.map(({ type }) => type)).toEqual([
    'pos.sale-committed',
    'pos.sale-returned',
    'pos.sale-returned',
  ]);
  expect(events[1]!['sequence']).toBeGreaterThan(events[0]!['sequence']);
  expect(events[2]!['sequence']).toBeGreaterThan(events[1]!['sequence']);
  expect(events[1]!['data']).toMatchObject({
    ...{
      saleId: sale['id'],
      returnId: first['saleReturn'].id,
      receiptNumber: sale['receiptNumber'],
    },
    ...{ registerId, channel: 'WEB', totalMinor: 6666, reason: 'FAULTY' },
    lines: [{ lineId: odd.id, sku: 'ODD', quantity: 2, totalMinor: 6666, disposition: 'BENCH' }],
    refunds: [
      { kind: 'CARD', amountMinor: 5000 },
      { kind: 'CASH', amountMinor: 1666 },
    ],
  });
  expect(JSON.stringify(events[1]!['data'])).not.toMatch(/clasp|cashier/);
});

it('ten at once take the same piece back once, and numbers have no gap', async () => {
  const registerId = await openTill();
  const sale = await sell([{ sku: 'CHAIN', quantity: 3 }], [card('300')]);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      pos.saleReturn(
        back(sale, registerId, { lines: [{ lineId: sale['lines'][0].id, quantity: 2 }] }),
      ),
    ),
  );
  const refused = answers.filter(({ __typename }) => __typename === 'ReturnExceedsSold');
  expect(refused).toHaveLength(9);
  expect(refused[0]).toMatchObject({
    ...{ sku: 'CHAIN', soldQuantity: 3, returnedQuantity: 2, requestedQuantity: 2 },
    message: '2 of CHAIN cannot come back: 3 were sold, 2 of them came back already.',
  });
  const numbers = await pos.rows<{ number: string }>(
    'SELECT number FROM sale_return ORDER BY number',
  );
  expect(numbers.map(({ number }) => number)).toEqual(
    numbers.map((_, n) => `HQ/R-${String(n + 1).padStart(6, '0')}`),
  );
});

it('the database holds every return to what there was, and a return to what was written', async () => {
  const registerId = await openTill();
  const sale = await sell([{ sku: 'CHAIN' }], [cash('120')], registerId);
  await pos.saleReturn(back(sale, registerId));
  const of = [sale['id']];
  for (const [change, constraint] of [
    [
      'UPDATE sale_line SET returned_quantity = 2 WHERE sale_id = $1',
      'sale_line_returned_at_most_sold',
    ],
    [
      'UPDATE sale_tender SET refunded_minor = 10001 WHERE sale_id = $1',
      'sale_tender_refunded_at_most_kept',
    ],
    ['DELETE FROM sale_return WHERE sale_id = $1', 'append-only'],
    ['UPDATE sale_return_line SET quantity = 1 WHERE sale_id = $1', 'append-only'],
    ['DELETE FROM sale_return_refund WHERE sale_id = $1', 'append-only'],
  ] as const)
    await expect(pos.rows(change, of)).rejects.toThrow(constraint);
});

it('change that was given is not given twice, and cash may stand for a card, for no more than was paid', async () => {
  const registerId = await openTill();
  const sale = await sell([{ sku: 'CHAIN', quantity: 2 }], [card('50'), cash('170')], registerId);
  const one = { lines: [{ lineId: sale['lines'][0].id, quantity: 1 }] };
  const inCash = await pos.saleReturn(back(sale, registerId, { ...one, refunds: [cash('100')] }));
  expect(inCash['saleReturn'].refunds).toMatchObject([
    { tenderIndex: 1, kind: 'CASH', amount: { amount: '100.00' } },
  ]);
  const byCard = await pos.saleReturn(back(sale, registerId, { refunds: [card('100')] }));
  expect(byCard).toMatchObject({
    __typename: 'RefundExceedsTender',
    refundable: { amount: '50.00' },
  });
  const rest = await pos.saleReturn(back(sale, registerId, { refunds: [cash('100')] }));
  expect(rest['saleReturn'].refunds).toMatchObject([
    { tenderIndex: 1, kind: 'CASH', amount: { amount: '50.00' } },
    { tenderIndex: 0, kind: 'CASH', amount: { amount: '50.00' } },
  ]);
});

it('what cost nothing comes back for nothing', async () => {
  const registerId = await openTill(null);
  const sale = await sell([{ sku: 'FREE' }], []);
  const answer = await pos.saleReturn(back(sale, registerId));
  expect(answer['saleReturn']).toMatchObject({ total: money('0.00'), refunds: [] });
});

it('X and Z reports and the cash that should be there know what was given back', async () => {
  const registerId = await openTill('100');
  const sale = await sell([{ sku: 'CHAIN', quantity: 3 }], [card('120'), cash('180')], registerId);
  const one = { lines: [{ lineId: sale['lines'][0].id, quantity: 2 }] };
  await pos.saleReturn(back(sale, registerId, one));
  const query = `{ xReport(registerId: "${registerId}") { figures { returns { count total { amount } }
    refunds { kind count total { amount } } expected { kind amount { amount } } } } }`;
  const { data } = await pos.graphql(query, {}, manager);
  const figures = {
    returns: [{ count: 1, total: { amount: '200.00' } }],
    refunds: [
      { kind: 'CARD', count: 1, total: { amount: '120.00' } },
      { kind: 'CASH', count: 1, total: { amount: '80.00' } },
    ],
    expected: [
      { kind: 'CASH', amount: { amount: '200.00' } },
      { kind: 'CARD', amount: { amount: '0.00' } },
    ],
  };
  expect(data['xReport']).toEqual({ figures });
  const closed = await pos.registerClose({ registerId, countedCash: money('200') });
  expect(closed['shift']).toMatchObject({ difference: { amount: '0.00' }, zReport: { figures } });
  const [event] = await pos.rows(
    "SELECT data FROM outbox WHERE type = 'pos.shift-closed' AND aggregate_id = $1",
    [closed['shift'].id],
  );
  expect(event!['data']).toMatchObject({
    returns: [{ currencyCode: 'EUR', count: 1, totalMinor: 20_000 }],
    refunds: [
      { kind: 'CARD', currencyCode: 'EUR', count: 1, totalMinor: 12_000 },
      { kind: 'CASH', currencyCode: 'EUR', count: 1, totalMinor: 8_000 },
    ],
  });
  const late = await pos.saleReturn(back(sale, registerId));
  expect(late).toMatchObject({ __typename: 'RegisterClosed', registerId });
});

it('cash that the drawer does not hold is not given back, and only a manager is told what it holds', async () => {
  const registerId = await openTill('10');
  const sale = await sell([{ sku: 'CHAIN' }], [cash('100')]);
  const answer = await pos.saleReturn(back(sale, registerId));
  expect(answer).toMatchObject({
    __typename: 'InsufficientCash',
    requested: { amount: '100.00' },
    available: null,
  });
  const both = { scopes: ['sale:return', 'register:manage'] };
  expect(await pos.saleReturn(back(sale, registerId), both)).toMatchObject({
    available: { amount: '10.00' },
  });
});

it('needs its scope, and a page lists returns newest first', async () => {
  const registerId = await openTill();
  const sale = await sell([{ sku: 'CHAIN', quantity: 2 }], [card('200')]);
  await expect(pos.saleReturn(back(sale, registerId), { scopes: ['sale:write'] })).rejects.toThrow(
    'FORBIDDEN',
  );
  const one = { lines: [{ lineId: sale['lines'][0].id, quantity: 1 }] };
  const ids = [
    (await pos.saleReturn(back(sale, registerId, one)))['saleReturn'].id,
    (await pos.saleReturn(back(sale, registerId, one)))['saleReturn'].id,
  ];
  const query = `query($after: String) { saleReturns(first: 1, registerId: "${registerId}", after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor } } }`;
  const page = async (after?: string) =>
    (await pos.graphql(query, { after }, { scopes: ['sale:read'] })).data['saleReturns'];
  const first = await page();
  const second = await page(first.pageInfo.endCursor);
  expect([first, second].map(({ nodes }) => nodes[0].id)).toEqual(ids.toReversed());
  expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
});

describe('refuses, and writes nothing:', () => {
  let registerId: string;
  let sale: Result;
  let lineId: string;
  let other: Result;
  beforeAll(async () => {
    registerId = await openTill();
    sale = await sell([{ sku: 'CHAIN' }], [card('100')]);
    lineId = sale['lines'][0].id;
    other = await sell([{ sku: 'CHAIN' }], [card('100')]);
  });
  const refuses = async (part: object, expected: object, caller?: object) => {
    const before = await written();
    const answer = await pos.saleReturn(
      { ...back(sale, registerId), ...part },
      { scopes: ['sale:return'], ...caller },
    );
    expect(answer).toMatchObject(expected);
    expect(await written()).toEqual(before);
  };

  it.each<[string, () => object, object]>([
    ['no lines', () => ({ lines: [] }), { field: 'lines' }],
    [
      'quantity 0',
      () => ({ lines: [{ lineId, quantity: 0 }] }),
      { field: 'lines.0.quantity', value: '0' },
    ],
    [
      'quantity −1',
      () => ({ lines: [{ lineId, quantity: -1 }] }),
      { field: 'lines.0.quantity', value: '-1' },
    ],
    [
      'two of one',
      () => ({ lines: [{ lineId, quantity: 2 }] }),
      {
        __typename: 'ReturnExceedsSold',
        soldQuantity: 1,
        returnedQuantity: 0,
        requestedQuantity: 2,
      },
    ],
    [
      'a line twice',
      () => ({ lines: [{ lineId }, { lineId }] }),
      { __typename: 'ReturnExceedsSold', returnedQuantity: 1, requestedQuantity: 1 },
    ],
    [
      'a line of another sale',
      () => ({ lines: [{ lineId: other['lines'][0].id }] }),
      { __typename: 'NotFound', kind: 'SaleLine' },
    ],
    [
      'a line that is none',
      () => ({ lines: [{ lineId: 'line' }] }),
      { __typename: 'NotFound', kind: 'SaleLine' },
    ],
    [
      'a piece that was not sold',
      () => ({ lines: [{ lineId, serialUnitIds: [randomUUID()] }] }),
      { field: 'lines.0.serialUnitIds' },
    ],
    ['an unknown sale', () => ({ saleId: randomUUID() }), { __typename: 'NotFound', kind: 'Sale' }],
    ['a sale that is none', () => ({ saleId: 'sale' }), { __typename: 'NotFound', kind: 'Sale' }],
    [
      'an unknown till',
      () => ({ registerId: randomUUID() }),
      { __typename: 'NotFound', kind: 'Register' },
    ],
    ['OTHER without a note', () => ({ reason: 'OTHER', note: ' ' }), { field: 'note' }],
    [
      'less than is due',
      () => ({ refunds: [card('99.99')] }),
      { __typename: 'RefundMismatch', due: money('100.00'), refunded: money('99.99') },
    ],
    [
      'more than is due',
      () => ({ refunds: [card('100.01')] }),
      { __typename: 'RefundMismatch', refunded: money('100.01') },
    ],
    [
      'another currency',
      () => ({ refunds: [card('100', 'USD')] }),
      { __typename: 'CurrencyMismatch', expected: 'EUR', actual: 'USD' },
    ],
    [
      'three decimals',
      () => ({ refunds: [card('99.995')] }),
      { field: 'refunds.0.amount', value: '99.995' },
    ],
    ['nothing back', () => ({ refunds: [card('0')] }), { field: 'refunds.0.amount', value: '0' }],
    [
      'money below zero',
      () => ({ refunds: [card('-1')] }),
      { field: 'refunds.0.amount', value: '-1' },
    ],
    [
      'a tender that there is not',
      () => ({ refunds: [{ ...card('100'), tenderIndex: 1 }] }),
      { field: 'refunds.0.kind' },
    ],
  ])('%s', async (_name, part, expected) => {
    await refuses(part(), expected);
  });

  it('the sale of another tenant is unknown', async () => {
    await refuses({}, { __typename: 'NotFound', kind: 'Sale' }, { tenantId: tenantB });
  });

  it('of a basket, of a void sale; and a sale that came back is not voided', async () => {
    const opened = await pos.saleOpen({
      channel: 'WEB',
      currencyCode: 'EUR',
      lines: [{ sku: 'CHAIN' }],
    });
    const saleId = opened['sale'].id;
    const lines = [{ lineId: opened['sale'].lines[0].id }];
    await refuses(
      { saleId, lines },
      { __typename: 'SaleNotReturnable', sale: { id: saleId, status: 'OPEN' } },
    );
    await pos.saleVoid({ saleId, reason: 'changed his mind' });
    await refuses(
      { saleId, lines },
      { __typename: 'SaleNotReturnable', sale: { id: saleId, status: 'VOIDED' } },
    );
    const returned = await pos.saleReturn(back(other, registerId));
    const voided = await pos.saleVoid({ saleId: other['id'], reason: 'again' });
    expect(voided).toMatchObject({ __typename: 'SaleAlreadyCommitted', sale: { id: other['id'] } });
    // A return is no sale: nothing comes back of it.
    const { id } = returned['saleReturn'];
    await refuses({ saleId: id }, { __typename: 'NotFound', kind: 'Sale', id });
  });
});
