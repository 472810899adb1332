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
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'RESIZE', tracking: 'NONE' });
});
afterAll(() => pos?.stop());

const money = (amount: string) => ({ amount, currencyCode: 'EUR' });
async function openTill(float = '1000'): Promise<string> {
  const till = { locationCode: 'HQ', registerName: randomUUID(), openingFloat: money(float) };
  return (await pos.registerOpen(till))['register'].id;
}
const lines = [{ sku: 'CHAIN', quantity: 2 }, { sku: 'RESIZE' }];
async function sell(registerId?: string, tenders = [card('200'), cash('150')]): Promise<Result> {
  const where = registerId
    ? { channel: 'COUNTER', registerId }
    : { channel: 'WEB', locationCode: 'HQ' };
  const opened = await pos.saleOpen({ ...where, currencyCode: 'EUR', lines });
  const answer = await pos.saleCommit({ saleId: opened['sale'].id, tenders });
  if (answer.__typename !== 'SaleCommitSuccess') throw new Error(JSON.stringify(answer));
  return answer['sale'];
}
const mistake = (sale: Result, part: object = {}) => ({
  ...{ saleId: sale['id'], reason: 'CHECKOUT_MISTAKE' },
  ...part,
});
const written = () =>
  pos.rows(`SELECT (SELECT count(*)::int FROM sale_return) AS returns, (SELECT sum(returned_quantity)::int FROM sale_line) AS back,
    (SELECT sum(refunded_minor)::int FROM sale_tender) AS refunded, (SELECT sum(version)::int FROM sale) AS versions,
    (SELECT count(*)::int FROM outbox WHERE type = 'pos.sale-returned') AS events`);
const figuresOf = async (registerId: string) => {
  const query = `{ xReport(registerId: "${registerId}") { figures { sales { count total { amount } } voids { count }
    returns { count } postVoids { count total { amount } } refunds { kind total { amount } }
    expected { kind amount { amount } } } } }`;
  return (await pos.graphql(query, {}, manager)).data['xReport'].figures;
};

it('takes the whole sale back: goods to stock, every tender as it came, once under its key', async () => {
  const registerId = await openTill();
  const sale = await sell(registerId);
  const input = mistake(sale, { note: ' wrong customer ', idempotencyKey: randomUUID() });
  const answer = await pos.salePostVoid(input);
  expect(answer).toMatchObject({
    __typename: 'SalePostVoidSuccess',
    saleReturn: {
      ...{
        kind: 'POST_VOID',
        number: expect.stringMatching(/^HQ\/R-\d{6}$/),
        total: money('300.00'),
      },
      ...{ reason: 'CHECKOUT_MISTAKE', note: 'wrong customer', returnedBy: 'manager' },
      ...{ sale: { id: sale['id'] }, register: { id: registerId } },
      lines: [
        { quantity: 2, total: { amount: '200.00' }, disposition: 'STOCK' },
        { quantity: 1, total: { amount: '100.00' }, disposition: null },
      ],
      refunds: [
        { tenderIndex: 0, kind: 'CARD', amount: { amount: '200.00' } },
        { tenderIndex: 1, kind: 'CASH', amount: { amount: '100.00' } },
      ],
    },
  });
  expect(await pos.salePostVoid(input)).toEqual(answer);
  const [event] = await pos.rows(
    "SELECT data FROM outbox WHERE type = 'pos.sale-returned' AND aggregate_id = $1",
    [sale['id']],
  );
  expect(event!['data']).toMatchObject({ kind: 'POST_VOID', totalMinor: 30_000 });
  expect(JSON.stringify(event!['data'])).not.toMatch(/customer|manager/);
});

it('stays among the sales, and a row of its own takes it out: on the X report, the Z report and in the event', async () => {
  const registerId = await openTill();
  await sell(registerId);
  await pos.salePostVoid(mistake(await sell(registerId)));
  const figures = {
    sales: [{ count: 2, total: { amount: '600.00' } }],
    ...{ voids: [], returns: [], postVoids: [{ count: 1, total: { amount: '300.00' } }] },
    refunds: [
      { kind: 'CARD', total: { amount: '200.00' } },
      { kind: 'CASH', total: { amount: '100.00' } },
    ],
    expected: [
      { kind: 'CASH', amount: { amount: '1100.00' } },
      { kind: 'CARD', amount: { amount: '200.00' } },
    ],
  };
  expect(await figuresOf(registerId)).toEqual(figures);
  const closed = await pos.registerClose({ registerId, countedCash: money('1100') });
  expect(closed['shift'].difference).toEqual({ amount: '0.00' });
  const [event] = await pos.rows(
    "SELECT data FROM outbox WHERE type = 'pos.shift-closed' AND aggregate_id = $1",
    [closed['shift'].id],
  );
  const postVoids = [{ currencyCode: 'EUR', count: 1, totalMinor: 30_000 }];
  expect(event!['data']).toMatchObject({ returns: [], postVoids });
});

it('eight at once take it back once', async () => {
  const sale = await sell(await openTill());
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => pos.salePostVoid(mistake(sale))),
  );
  const names = answers.map(({ __typename, reason }) => reason ?? __typename).sort();
  expect(names).toEqual([...Array<string>(7).fill('CAME_BACK'), 'SalePostVoidSuccess']);
  const [{ n }] = (await pos.rows('SELECT count(*)::int AS n FROM sale_return WHERE sale_id = $1', [
    sale['id'],
  ])) as [{ n: number }];
  expect(n).toBe(1);
});

it('the database knows one for a sale', async () => {
  const sale = await sell(await openTill());
  const { saleReturn } = await pos.salePostVoid(mistake(sale));
  await expect(
    pos.rows(
      `INSERT INTO sale_return SELECT (jsonb_populate_record(NULL::sale_return, to_jsonb(r) ||
        jsonb_build_object('id', gen_random_uuid(), 'number', 'HQ/R-X'))).* FROM sale_return r WHERE id = $1`,
      [saleReturn.id],
    ),
  ).rejects.toThrow('sale_return_one_post_void');
});

describe('refuses, and writes nothing:', () => {
  const refuses = async (sale: Result, expected: object, part: object = {}, caller?: object) => {
    const before = await written();
    const answer = await pos.salePostVoid(mistake(sale, part), { ...manager, ...caller });
    expect(answer).toMatchObject(expected);
    expect(await written()).toEqual(before);
  };
  const never = { __typename: 'SaleNotPostVoidable', code: 'SALE_NOT_POST_VOIDABLE' };

  it('a sale of which a part came back', async () => {
    const registerId = await openTill();
    const sale = await sell(registerId);
    const part = [{ lineId: sale['lines'][0].id, quantity: 1 }];
    await pos.saleReturn({ saleId: sale['id'], registerId, lines: part, reason: 'FAULTY' });
    await refuses(sale, { ...never, reason: 'CAME_BACK', sale: { id: sale['id'] } });
  });

  it('a sale of a shift that is closed, though the till is open again, and one that no till sold', async () => {
    const registerId = await openTill();
    const sale = await sell(registerId);
    await pos.registerClose({ registerId, countedCash: money('1100') });
    const closed = { ...never, reason: 'SHIFT_NOT_OPEN' };
    await refuses(sale, closed);
    const [register] = await pos.rows('SELECT name FROM register WHERE id = $1', [registerId]);
    const again = { locationCode: 'HQ', registerName: register!['name'], openingFloat: null };
    await pos.registerOpen(again);
    await refuses(sale, closed);
    await refuses(await sell(), closed);
  });

  it('a basket, and a void sale', async () => {
    const opened = await pos.saleOpen({ channel: 'WEB', currencyCode: 'EUR', lines });
    const { sale } = opened;
    await refuses(sale, { __typename: 'SaleNotReturnable', sale: { status: 'OPEN' } });
    await pos.saleVoid({ saleId: sale.id, reason: 'changed his mind' });
    await refuses(sale, { __typename: 'SaleNotReturnable', sale: { status: 'VOIDED' } });
  });

  it('cash that went to the bank', async () => {
    const registerId = await openTill('0');
    const sale = await sell(registerId, [cash('300')]);
    await pos.cashMovementAdd({
      ...{ registerId, kind: 'DROP', amount: money('250'), reason: 'SAFE' },
    });
    await refuses(sale, { __typename: 'InsufficientCash', requested: { amount: '300.00' } });
  });

  it('what is unknown, of another tenant, or not explained', async () => {
    const sale = await sell(await openTill());
    const unknown = { __typename: 'NotFound', kind: 'Sale' };
    await refuses(sale, unknown, { saleId: randomUUID() });
    await refuses(sale, unknown, { saleId: 'sale' });
    await refuses(sale, unknown, {}, { tenantId: tenantB });
    await refuses(sale, { field: 'note' }, { reason: 'OTHER' });
    await refuses(sale, { field: 'note' }, { note: 'card 4111 1111 1111 1111' });
  });
});

it('is for a manager', async () => {
  const sale = await sell(await openTill());
  await expect(
    pos.salePostVoid(mistake(sale), { scopes: ['sale:return', 'sale:write'] }),
  ).rejects.toThrow('FORBIDDEN');
});
