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
import { discountsOf } from '../../test/discount.harness.ts';
import { parkingOf } from '../../test/parking.harness.ts';
import { printedLines } from '../../test/receipt.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
  await pos.product({ sku: 'RING-54', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'RING-56', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'DEARER', tracking: 'QUANTITY', onHand: 1000, priceMinor: 13_000 });
  await pos.product({ sku: 'CHEAPER', tracking: 'QUANTITY', onHand: 1000, priceMinor: 2_500 });
});
afterAll(() => pos?.stop());

const money = (amount: string) => ({ amount, currencyCode: 'EUR' });
async function openTill(float = '1000'): Promise<string> {
  const till = { locationCode: 'HQ', registerName: randomUUID(), openingFloat: money(float) };
  return (await pos.registerOpen(till))['register'].id;
}
async function sell(quantity = 1, tenders: object[] = [card('100')]): Promise<Result> {
  const lines = [{ sku: 'RING-54', quantity }];
  const where = { channel: 'WEB', locationCode: 'HQ', currencyCode: 'EUR' };
  const opened = await pos.saleOpen({ ...where, lines });
  const answer = await pos.saleCommit({ saleId: opened['sale'].id, tenders });
  if (answer.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(answer));
  return answer['sale'];
}
async function basketOf(registerId: string, ...skus: string[]): Promise<string> {
  const lines = skus.map((sku) => ({ sku }));
  const till = { channel: 'COUNTER', registerId, currencyCode: 'EUR' };
  return (await pos.saleOpen({ ...till, lines }))['sale'].id;
}
const swap = (sale: Result, saleId: string, part: object = {}) => ({
  ...{ saleId, returnedSaleId: sale['id'], reason: 'WRONG_SIZE' },
  returnedLines: [{ lineId: sale['lines'][0].id, quantity: 1 }],
  ...part,
});
const written = () =>
  pos.rows(`SELECT (SELECT count(*)::int FROM sale_return) AS returns, (SELECT count(*)::int FROM sale_exchange) AS exchanges,
    (SELECT count(*)::int FROM sale_tender) AS tenders, (SELECT sum(returned_quantity)::int FROM sale_line) AS back,
    (SELECT sum(refunded_minor)::int FROM sale_tender) AS refunded, (SELECT sum(version)::int FROM sale) AS versions,
    (SELECT count(*)::int FROM outbox) AS events`);
const eventsOf = (id: string) =>
  pos.rows(
    'SELECT type, sequence::int, data FROM outbox WHERE aggregate_id = $1 ORDER BY position',
    [id],
  );

it('for the same: both documents, no money, each said once under the key of its sale', async () => {
  const registerId = await openTill();
  const sale = await sell(2, [card('200')]);
  const saleId = await basketOf(registerId, 'RING-56');
  const input = swap(sale, saleId, { note: ' too small ', idempotencyKey: randomUUID() });
  const answer = await pos.saleExchange(input);
  expect(answer).toMatchObject({
    __typename: 'SaleExchangeSuccess',
    sale: {
      ...{ id: saleId, status: 'COMMITTED', total: money('100.00'), change: { amount: '0.00' } },
      receiptNumber: expect.stringMatching(/^HQ-\d{6}$/),
      tenders: [{ kind: 'EXCHANGE', amount: { amount: '100.00' } }],
    },
    saleReturn: {
      ...{ kind: 'EXCHANGE', number: expect.stringMatching(/^HQ\/R-\d{6}$/), note: 'too small' },
      ...{ total: money('100.00'), sale: { id: sale['id'] }, register: { id: registerId } },
      lines: [{ line: { returnedQuantity: 1 }, quantity: 1, disposition: 'STOCK' }],
      refunds: [{ tenderIndex: 0, kind: 'EXCHANGE', amount: { amount: '100.00' } }],
    },
  });
  expect(await pos.saleExchange(input)).toEqual(answer);
  expect((await pos.saleExchange({ ...input, note: 'other' })).__typename).toBe(
    'IdempotencyKeyReused',
  );
  expect(await eventsOf(saleId)).toMatchObject([{ type: 'pos.sale-committed' }]);
  const [committed, returned] = await eventsOf(sale['id']);
  expect(returned).toMatchObject({
    type: 'pos.sale-returned',
    data: { kind: 'EXCHANGE', totalMinor: 10_000, refunds: [{ kind: 'EXCHANGE' }] },
  });
  expect(returned!['sequence']).toBeGreaterThan(committed!['sequence']);

  const query = `query($id: ID!) { sale(id: $id) { exchange { number exchangedFor { id } } } }`;
  const { data } = await pos.graphql(query, { id: saleId }, { scopes: ['sale:read'] });
  expect(data['sale'].exchange).toEqual({
    ...{ number: answer['saleReturn'].number, exchangedFor: { id: saleId } },
  });
  const rest = await pos.saleReturn({
    ...{ saleId: sale['id'], registerId, reason: 'FAULTY' },
    lines: [{ lineId: sale['lines'][0].id }],
  });
  expect(rest['saleReturn'].refunds).toMatchObject([
    { kind: 'CARD', amount: { amount: '100.00' } },
  ]);
});

it('for something dearer the rest is paid, with change of cash', async () => {
  const registerId = await openTill();
  const saleId = await basketOf(registerId, 'DEARER');
  const answer = await pos.saleExchange(
    swap(await sell(), saleId, { tenders: [card('10'), cash('50')] }),
  );
  expect(answer).toMatchObject({
    sale: {
      ...{ total: money('130.00'), change: { amount: '30.00' } },
      tenders: [
        { kind: 'EXCHANGE', amount: { amount: '100.00' } },
        { kind: 'CARD', amount: { amount: '10.00' } },
        { kind: 'CASH', amount: { amount: '50.00' } },
      ],
    },
    saleReturn: { refunds: [{ kind: 'EXCHANGE', amount: { amount: '100.00' } }] },
  });
});

it('for something cheaper the rest goes back, as it was paid or in cash', async () => {
  const registerId = await openTill();
  const first = await pos.saleExchange(swap(await sell(), await basketOf(registerId, 'CHEAPER')));
  expect(first['saleReturn'].refunds).toMatchObject([
    { kind: 'CARD', amount: { amount: '75.00' } },
    { kind: 'EXCHANGE', amount: { amount: '25.00' } },
  ]);
  const saleId = await basketOf(registerId, 'CHEAPER');
  const inCash = { refunds: [cash('75')] };
  const second = await pos.saleExchange(swap(await sell(), saleId, inCash));
  expect(second['saleReturn'].refunds).toMatchObject([
    { kind: 'CASH', amount: { amount: '75.00' } },
    { kind: 'EXCHANGE', amount: { amount: '25.00' } },
  ]);
  const back = await pos.saleReturn({
    ...{ saleId, registerId, reason: 'FAULTY' },
    lines: [{ lineId: second['sale'].lines[0].id }],
  });
  // What was exchanged is no money that could go back the way it came.
  expect(back['saleReturn'].refunds).toMatchObject([{ kind: 'CASH', amount: { amount: '25.00' } }]);
});

it('X and Z reports count both documents, and an exchange is no money that should be there', async () => {
  const registerId = await openTill('100');
  const dearer = await basketOf(registerId, 'DEARER');
  await pos.saleExchange(swap(await sell(), dearer, { tenders: [cash('30')] }));
  const cheaper = await basketOf(registerId, 'CHEAPER');
  await pos.saleExchange(swap(await sell(), cheaper, { refunds: [cash('75')] }));
  const query = `{ xReport(registerId: "${registerId}") { figures { sales { count total { amount } } returns { count total { amount } }
    tenders { kind net { amount } } refunds { kind total { amount } } expected { kind amount { amount } } } } }`;
  expect((await pos.graphql(query, {}, manager)).data['xReport'].figures).toEqual({
    sales: [{ count: 2, total: { amount: '155.00' } }],
    returns: [{ count: 2, total: { amount: '200.00' } }],
    tenders: [
      { kind: 'CASH', net: { amount: '30.00' } },
      { kind: 'EXCHANGE', net: { amount: '125.00' } },
    ],
    refunds: [
      { kind: 'CASH', total: { amount: '75.00' } },
      { kind: 'EXCHANGE', total: { amount: '125.00' } },
    ],
    expected: [{ kind: 'CASH', amount: { amount: '55.00' } }],
  });
  const closed = await pos.registerClose({ registerId, countedCash: money('55') });
  expect(closed['shift'].difference).toEqual({ amount: '0.00' });
});

it('one paper has both', async () => {
  const saleId = await basketOf(await openTill(), 'DEARER');
  const sale = await sell();
  const made = await pos.saleExchange(swap(sale, saleId, { tenders: [cash('30')] }));
  const printed = await pos.returnPrint({
    ...{ saleReturnId: made['saleReturn'].id, format: 'ESCPOS_58' },
  });
  const { pathname, search } = new URL(printed['file'].url);
  const bytes = await (await fetch(`${pos.url}${pathname}${search}`)).arrayBuffer();
  const text = printedLines(Buffer.from(bytes)).join('\n');
  const numbers = [made['saleReturn'].number, sale['receiptNumber'], made['sale'].receiptNumber];
  for (const said of [...numbers, 'Given back', 'Exchange', '130.00', 'Cash'])
    expect(text).toContain(said);
});

it('when the stock of what goes out is refused nothing came back, and it can be exchanged again', async () => {
  await pos.product({ sku: 'LAST', tracking: 'QUANTITY', onHand: 1 });
  const registerId = await openTill();
  const sale = await sell();
  const saleId = await basketOf(registerId, 'LAST');
  pos.inventory.stock({ sku: 'LAST', tracking: 'QUANTITY', onHand: 0 });
  const input = { ...swap(sale, saleId), idempotencyKey: randomUUID() };
  const answer = await pos.saleExchange(input);
  expect(answer).toMatchObject({
    ...{ __typename: 'SaleClaimLost', sale: { id: saleId, status: 'VOIDED' } },
    reasons: [{ sku: 'LAST' }],
  });
  expect(await pos.saleExchange(input)).toEqual(answer);
  expect((await eventsOf(sale['id'])).map(({ type }) => type)).toEqual(['pos.sale-committed']);
  const [line] = await pos.rows('SELECT returned_quantity FROM sale_line WHERE sale_id = $1', [
    sale['id'],
  ]);
  const [tender] = await pos.rows(
    'SELECT refunded_minor::int FROM sale_tender WHERE sale_id = $1',
    [sale['id']],
  );
  expect({ ...line, ...tender }).toEqual({ returned_quantity: 0, refunded_minor: 0 });
  const again = await pos.saleExchange(swap(sale, await basketOf(registerId, 'RING-56')));
  expect(again.__typename).toBe('SaleExchangeSuccess');
});

it('of ten exchanges and returns of one piece at once one happens', async () => {
  const registerId = await openTill();
  const sale = await sell();
  const baskets = await Promise.all(
    Array.from({ length: 5 }, () => basketOf(registerId, 'RING-56')),
  );
  const back = { saleId: sale['id'], registerId, reason: 'FAULTY' };
  const lines = [{ lineId: sale['lines'][0].id, quantity: 1 }];
  const answers = await Promise.all([
    ...baskets.map((saleId) => pos.saleExchange(swap(sale, saleId))),
    ...baskets.map(() => pos.saleReturn({ ...back, lines })),
  ]);
  const names = answers.map(({ __typename }) => __typename);
  expect(names.filter((name) => name === 'ReturnExceedsSold')).toHaveLength(9);
  const [{ n }] = (await pos.rows('SELECT count(*)::int AS n FROM sale_return WHERE sale_id = $1', [
    sale['id'],
  ])) as [{ n: number }];
  expect(n).toBe(1);
});

it('what was sold in exchange is not taken back as a whole', async () => {
  const made = await pos.saleExchange(
    swap(await sell(), await basketOf(await openTill(), 'RING-56')),
  );
  const answer = await pos.salePostVoid({ saleId: made['sale'].id, reason: 'CHECKOUT_MISTAKE' });
  expect(answer).toMatchObject({ __typename: 'SaleNotPostVoidable', reason: 'EXCHANGE' });
});

describe('refuses, and writes nothing:', () => {
  let registerId: string;
  let sale: Result;
  let saleId: string;
  beforeAll(async () => {
    registerId = await openTill('10');
    sale = await sell();
    saleId = await basketOf(registerId, 'CHEAPER');
  });
  const refuses = async (part: object, expected: object, caller?: object) => {
    const before = await written();
    const answer = await pos.saleExchange(swap(sale, saleId, part), {
      ...{ scopes: ['sale:return'], ...caller },
    });
    expect(answer).toMatchObject(expected);
    expect(await written()).toEqual(before);
  };
  const line = (part: object) => [{ lineId: sale['lines'][0].id, ...part }];

  it.each<[string, () => object, object]>([
    ['no lines', () => ({ returnedLines: [] }), { field: 'returnedLines' }],
    [
      'quantity −1',
      () => ({ returnedLines: line({ quantity: -1 }) }),
      { field: 'returnedLines.0.quantity', value: '-1' },
    ],
    [
      'two of one',
      () => ({ returnedLines: line({ quantity: 2 }) }),
      { __typename: 'ReturnExceedsSold', soldQuantity: 1, requestedQuantity: 2 },
    ],
    [
      'a line twice',
      () => ({ returnedLines: [...line({}), ...line({})] }),
      { __typename: 'ReturnExceedsSold', returnedQuantity: 1 },
    ],
    [
      'a piece that was not sold',
      () => ({ returnedLines: line({ serialUnitIds: [randomUUID()] }) }),
      { field: 'returnedLines.0.serialUnitIds' },
    ],
    [
      'a sale that is unknown',
      () => ({ returnedSaleId: randomUUID() }),
      { __typename: 'NotFound', kind: 'Sale' },
    ],
    ['a basket that is none', () => ({ saleId: '7' }), { __typename: 'NotFound', kind: 'Sale' }],
    [
      'a basket that is unknown',
      () => ({ saleId: randomUUID() }),
      { __typename: 'NotFound', kind: 'Sale' },
    ],
    [
      'a basket as what comes back',
      () => ({ returnedSaleId: saleId }),
      { __typename: 'SaleNotReturnable', sale: { status: 'OPEN' } },
    ],
    [
      'a sale as what goes out',
      () => ({ saleId: sale['id'] }),
      { __typename: 'SaleNotOpen', sale: { status: 'COMMITTED' } },
    ],
    [
      'less than is due back',
      () => ({ refunds: [card('74.99')] }),
      { __typename: 'RefundMismatch', due: { amount: '75.00' } },
    ],
    [
      'money for something cheaper',
      () => ({ tenders: [card('1')] }),
      { __typename: 'TenderMismatch', due: { amount: '0.00' }, tendered: { amount: '1.00' } },
    ],
    [
      'cash that is not there',
      () => ({ refunds: [cash('75')] }),
      { __typename: 'InsufficientCash', requested: { amount: '75.00' } },
    ],
    [
      'an exchange as a tender',
      () => ({ tenders: [{ ...card('1'), kind: 'EXCHANGE' }] }),
      { field: 'tenders.0.kind' },
    ],
    [
      'an exchange as a refund',
      () => ({ refunds: [{ ...card('75'), kind: 'EXCHANGE' }] }),
      { field: 'refunds.0.kind' },
    ],
    [
      'another currency',
      () => ({ refunds: [card('75', 'USD')] }),
      { __typename: 'CurrencyMismatch', expected: 'EUR', actual: 'USD' },
    ],
    ['OTHER without a note', () => ({ reason: 'OTHER' }), { field: 'note' }],
    ['the number of a card', () => ({ note: 'paid by 4111 1111 1111 1111' }), { field: 'note' }],
  ])('%s', async (_name, part, expected) => {
    await refuses(part(), expected);
  });

  it('the sale and the basket of another tenant are unknown', async () => {
    await refuses({}, { __typename: 'NotFound', kind: 'Sale' }, { tenantId: tenantB });
  });

  it('a basket of no till, an empty one, and one whose till was closed', async () => {
    const web = await pos.basket('CHEAPER');
    await refuses({ saleId: web }, { __typename: 'InvalidInput', field: 'saleId' });
    await refuses({ saleId: await basketOf(registerId) }, { __typename: 'SaleEmpty' });
    const other = await openTill('0');
    const left = await basketOf(other, 'CHEAPER');
    await pos.registerClose({ registerId: other, countedCash: money('0') });
    await refuses({ saleId: left }, { __typename: 'RegisterClosed', registerId: other });
  });

  it('a basket that is parked', async () => {
    const parked = await basketOf(registerId, 'CHEAPER');
    await parkingOf(pos).park({ saleId: parked });
    await refuses({ saleId: parked }, { __typename: 'SaleNotOpen', sale: { id: parked } });
  });

  it('a basket whose code was used up since it was entered', async () => {
    const promotions = discountsOf(pos);
    const promotionCode = `ONCE-${randomUUID().slice(0, 8).toUpperCase()}`;
    await promotions.add({ code: promotionCode, percent: '10', usesMax: 1 });
    const [one, other] = [
      await basketOf(registerId, 'RING-56'),
      await basketOf(registerId, 'RING-56'),
    ];
    for (const each of [one, other]) await promotions.apply({ saleId: each, code: promotionCode });
    await pos.saleCommit({ saleId: one, tenders: [card('90')] });
    await refuses({ saleId: other }, { __typename: 'PromotionRefused', code: 'PROMOTION_REFUSED' });
  });

  it('too little for something dearer', async () => {
    const dearer = { saleId: await basketOf(registerId, 'DEARER') };
    const short = { __typename: 'TenderMismatch', due: { amount: '30.00' } };
    await refuses(dearer, short);
    await refuses({ ...dearer, tenders: [card('29.99')] }, short);
    const mismatch = { __typename: 'RefundMismatch', due: { amount: '0.00' } };
    await refuses({ ...dearer, tenders: [card('30')], refunds: [card('1')] }, mismatch);
  });

  it('and needs its scope', async () => {
    const cashier = { scopes: ['sale:write'] };
    await expect(pos.saleExchange(swap(sale, saleId), cashier)).rejects.toThrow('FORBIDDEN');
  });
});
