import { randomUUID } from 'node:crypto';
import { card, startPos, tenantB, type Pos, type Result } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos({ CLAIM_PATIENCE_MS: '0' });
  await pos.product({ sku: 'CHAIN', tracking: 'QUANTITY', onHand: 1000 });
  await pos.product({ sku: 'DRAFT', tracking: 'QUANTITY', onHand: 5, status: 'DRAFT' });
});
afterAll(() => pos?.stop());

/** What every visitor of the shop has. */
const page = { scopes: ['shop:read', 'shop:hold', 'shop:sell'], subject: 'web-shop' };
const web = { channel: 'WEB', currencyCode: 'EUR' };
type Own = { saleId: string; basketSecret: string };

async function opened(): Promise<Own> {
  const { sale, basketSecret } = await pos.saleOpen(web, page);
  return { saleId: sale.id, basketSecret };
}
async function filled(): Promise<Own & { lineId: string }> {
  const own = await opened();
  const { line } = await pos.saleLineAdd({ ...own, sku: 'CHAIN' }, page);
  return { ...own, lineId: line.id };
}
async function seen(variables: { id: string; secret?: string }, caller = page) {
  const query = `query($id: ID, $secret: String) { sale(id: $id, basketSecret: $secret) {
    id status voidReason lines { quantity note } } }`;
  return (await pos.graphql(query, variables, caller)).data['sale'];
}
const salesAndLines = () =>
  pos.rows(
    'SELECT s.*, l.* FROM sale s LEFT JOIN sale_line l ON l.sale_id = s.id ORDER BY 2, l.id',
  );

it('opens, fills, changes and checks out its own basket, which staff sells', async () => {
  const own = await opened();
  expect(own.basketSecret).toMatch(/^[\w-]{43}$/);
  const { line } = await pos.saleLineAdd({ ...own, sku: 'CHAIN' }, page);
  const other = await pos.saleLineAdd({ ...own, sku: 'CHAIN' }, page);
  const lineId = line.id;
  const changed = await pos.saleLineUpdate({ ...own, lineId, quantity: 3 }, page);
  expect(changed).toMatchObject({ line: { quantity: 3, unitPrice: { amount: '100.00' } } });
  const removed = await pos.saleLineRemove({ ...own, lineId: other['line'].id }, page);
  expect(removed['sale'].lines).toHaveLength(1);
  expect((await pos.saleHoldsRenew(own, page)).__typename).toBe('SaleHoldsRenewSuccess');
  const checkout = await pos.saleCheckout(own, page);
  expect(checkout).toMatchObject({
    __typename: 'SaleCheckoutSuccess',
    sale: { status: 'PENDING' },
  });
  expect(await seen({ id: own.saleId, secret: own.basketSecret })).toMatchObject({
    ...{ status: 'PENDING', lines: [{ quantity: 3 }] },
  });
  const tenders = [{ ...card('300'), reference: 'pay-1' }];
  const sold = await pos.saleCommit({ saleId: own.saleId, tenders });
  expect(sold.__typename).toBe('SaleCommitSuccess');
});

it('is known by its hash alone, and the secret is told once', async () => {
  const input = { ...web, idempotencyKey: randomUUID() };
  const first = await pos.saleOpen(input, page);
  const secret = first['basketSecret'] as string;
  expect((await pos.saleOpen(input, page)).__typename).toBe('IdempotencyKeyReused');
  const rows = await pos.rows<{ row: string }>(
    `SELECT to_jsonb(s)::text AS row FROM sale s WHERE id = $1 UNION ALL SELECT to_jsonb(r)::text FROM idempotency_record r
     UNION ALL SELECT to_jsonb(o)::text FROM outbox o`,
    [first['sale'].id],
  );
  expect(JSON.stringify(rows)).not.toContain(secret);
  const staff = await pos.saleOpen(web);
  expect(staff).toMatchObject({ __typename: 'SaleOpenSuccess', basketSecret: null });
});

/** Everything that can be asked of a basket. */
const attempts: Record<string, (own: object & { lineId: string }) => Promise<Result>> = {
  saleLineAdd: ({ lineId: _, ...own }) => pos.saleLineAdd({ ...own, sku: 'CHAIN' }, page),
  saleLineUpdate: (own) => pos.saleLineUpdate({ ...own, quantity: 2 }, page),
  saleLineRemove: (own) => pos.saleLineRemove(own, page),
  saleHoldsRenew: ({ lineId: _, ...own }) => pos.saleHoldsRenew(own, page),
  saleCheckout: ({ lineId: _, ...own }) => pos.saleCheckout(own, page),
};

it.each(Object.keys(attempts))('%s of a basket that is not its own finds none', async (name) => {
  const { saleId, basketSecret, lineId } = await filled();
  const mine = await filled();
  const staffs = await pos.basket('CHAIN');
  const before = await salesAndLines();
  const unknown = randomUUID();
  const answerTo = async (own: { saleId: string; basketSecret?: string | null }) => {
    const answer = await attempts[name]!({ ...own, lineId });
    return JSON.parse(JSON.stringify(answer).replaceAll(own.saleId, 'the sale'));
  };
  const nothing = await answerTo({ saleId: unknown, basketSecret });
  expect(nothing).toMatchObject({ __typename: 'NotFound', kind: 'Sale', id: 'the sale' });
  for (const guess of [
    { saleId },
    { saleId, basketSecret: '' },
    { saleId, basketSecret: mine.basketSecret },
    { saleId, basketSecret: `${basketSecret}x` },
    { saleId, basketSecret: basketSecret.toLowerCase() },
    { saleId: staffs, basketSecret },
    { saleId: staffs, basketSecret: '' },
    { saleId: staffs },
  ])
    expect(await answerTo(guess)).toEqual(nothing);
  expect(await salesAndLines()).toEqual(before);
});

it('is seen with its secret and with nothing else', async () => {
  const { saleId: id, basketSecret: secret } = await filled();
  expect(await seen({ id, secret })).toMatchObject({ id, status: 'OPEN' });
  for (const other of [undefined, '', `${secret}x`])
    expect(await seen({ id, secret: other! })).toBeNull();
  expect(await seen({ id, secret }, { ...page, tenantId: tenantB } as typeof page)).toBeNull();
  const byKey = `{ sale(idempotencyKey: "x", basketSecret: "${secret}") { id } }`;
  expect((await pos.graphql(byKey, {}, page)).data['sale']).toBeNull();
});

it('shows a page nothing that people of the shop wrote', async () => {
  const own = await filled();
  const { saleId, lineId } = own;
  await pos.saleLineUpdate({ saleId, lineId, note: 'looks like trouble' });
  await pos.saleVoid({ saleId, reason: 'is trouble' });
  const sale = await seen({ id: saleId, secret: own.basketSecret });
  expect(sale).toEqual({
    id: saleId,
    status: 'VOIDED',
    voidReason: null,
    lines: [{ quantity: 1, note: null }],
  });
});

it.each([
  [
    'a sale by telephone',
    (): Promise<Result> => pos.saleOpen({ ...web, channel: 'PHONE' }, page),
    'channel',
  ],
  ['an order number', () => pos.saleOpen({ ...web, externalId: 'order-1' }, page), 'externalId'],
  ['a customer', () => pos.saleOpen({ ...web, customerId: randomUUID() }, page), 'customerId'],
  ['first lines', () => pos.saleOpen({ ...web, lines: [{ sku: 'CHAIN' }] }, page), 'lines'],
  [
    'a price',
    () => adds({ sku: 'CHAIN', unitPrice: { amount: '0', currencyCode: 'EUR' } }),
    'unitPrice',
  ],
  ['a code', () => adds({ code: 'CHAIN' }), 'code'],
  ['a serial without a SKU', () => adds({ serial: 'SN-1' }), 'sku'],
  ['a hold without its secret', () => adds({ holdId: randomUUID() }), 'holdSecret'],
  ['a note', () => changes({ note: 'free of charge' }), 'note'],
  [
    'another price',
    () => changes({ unitPrice: { amount: '1', currencyCode: 'EUR' } }),
    'unitPrice',
  ],
  ['an hour of holding', () => renews({ holdSeconds: 3600 }), 'holdSeconds'],
  ['two weeks to pay', () => checksOut({ paymentSeconds: 1_209_600 }), 'paymentSeconds'],
])('lets a page not say %s', async (_name, attempt, field) => {
  const answer = await attempt();
  expect(answer).toMatchObject({ __typename: 'InvalidInput', field });
});
const adds = async (part: object) => pos.saleLineAdd({ ...(await opened()), ...part }, page);
const changes = async (part: object) => pos.saleLineUpdate({ ...(await filled()), ...part }, page);
const renews = async (part: object) => pos.saleHoldsRenew({ ...(await opened()), ...part }, page);
const checksOut = async (part: object) => pos.saleCheckout({ ...(await opened()), ...part }, page);

it('sells what is on sale, and tells a page not where it is', async () => {
  const own = await opened();
  expect(await pos.saleLineAdd({ ...own, sku: 'DRAFT' }, page)).toMatchObject({
    __typename: 'NotFound',
  });
  const short = await pos.saleLineAdd({ ...own, sku: 'CHAIN', quantity: 2000 }, page);
  expect(short).toMatchObject({ __typename: 'InsufficientStock', locationCode: null });
});

it('may not pay, void, record, or see what is owed', async () => {
  const { saleId } = await filled();
  for (const attempt of [
    () => pos.saleCommit({ saleId, tenders: [card('100')] }, page),
    () => pos.saleVoid({ saleId, reason: 'left' }, page),
    () => pos.saleRecord({ ...web, lines: [{ sku: 'CHAIN' }], tenders: [card('100')] }, page),
    () => pos.saleRefundSettle({ saleId, reference: 'x' }, page),
    () => pos.saleLinesAdd({ saleId, lines: [{ sku: 'CHAIN' }] }, page),
  ])
    await expect(attempt()).rejects.toThrow('FORBIDDEN');
  const holder = { scopes: ['shop:read', 'shop:hold'], subject: 'web-shop' };
  await expect(pos.saleOpen(web, holder)).rejects.toThrow('FORBIDDEN');
});
