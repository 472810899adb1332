import { randomUUID } from 'node:crypto';
import { card, tenantA, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// A hold of a public shop's page becomes a line of a sale: pos and the real inventory together.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ SALE_HOLD_SECONDS: '900' });
});
afterAll(() => shop?.stop());

const secret = 'made-in-a-browser';
const page = { tenantId: tenantA, scopes: ['shop:hold'], subject: 'web-shop-page' };
const web = { channel: 'WEB', currencyCode: 'EUR' };

async function heldByPage(sku: string, more: object = {}): Promise<string> {
  await shop.rows('inventory', `UPDATE stock_item SET is_on_sale = true WHERE sku = $1`, [sku]);
  const { data } = await shop.stock(
    `mutation($input: HoldCreateInput!) { holdCreate(input: $input) { __typename ... on HoldCreateSuccess { hold { id } } } }`,
    { input: { sku, secret, idempotencyKey: randomUUID(), ...more } },
    page,
  );
  return data['holdCreate'].hold.id as string;
}
const opened = async () => (await shop.saleOpen(web))['sale'].id as string;
const holdOf = async (id: string) =>
  (
    await shop.rows('inventory', 'SELECT status, subject, purpose FROM hold WHERE id = $1', [id])
  )[0];
const added = (answer: Result) => answer.__typename === 'SaleLineAddSuccess';

it('a polling rival never gets the piece while its holder makes it a line, and the holder pays for it', async () => {
  for (let round = 0; round < 6; round += 1) {
    const sku = `PIECE-${round}`;
    await shop.product({ sku, tracking: 'SERIAL', serial: sku });
    const holdId = await heldByPage(sku);
    const rivalSale = await opened();
    let isTaken = false;
    const rival = (async () => {
      const got: Result[] = [];
      do got.push(await shop.saleLineAdd({ saleId: rivalSale, sku }));
      while (!isTaken);
      return got;
    })();
    const saleId = await opened();
    const line = await shop.saleLineAdd({ saleId, holdId, holdSecret: secret });
    isTaken = true;
    expect(line['line']).toMatchObject({ sku });
    expect((await rival).filter(added)).toEqual([]);
    const paid = await shop.saleCommit({ saleId, tenders: [card('100')] });
    expect(paid['sale'].lines).toMatchObject([{ sku, serial: sku }]);
  }
});

it('of two baskets that take one hold one has it; the same key answers the same', async () => {
  await shop.product({ sku: 'RING', tracking: 'SERIAL', serial: 'R-1' });
  const holdId = await heldByPage('RING');
  const take = async () => {
    const input = {
      saleId: await opened(),
      holdId,
      holdSecret: secret,
      idempotencyKey: randomUUID(),
    };
    return { input, answer: await shop.saleLineAdd(input) };
  };
  const takers = await Promise.all([take(), take()]);
  const winner = takers.find(({ answer }) => added(answer))!;
  const loser = takers.find((one) => one !== winner)!;
  expect(loser.answer).toMatchObject({ __typename: 'HoldNotTaken', reason: 'OF_A_SALE' });
  expect(await shop.saleLineAdd(winner.input)).toEqual(winner.answer);
});

it.each([
  ['without its secret', {}, ['sale:write'], 'NOT_YOURS'],
  [
    'with a reason and the scope to let go of it',
    { holdReason: 'at the till' },
    ['sale:write', 'stock:write'],
    '',
  ],
  ['with a reason alone', { holdReason: 'at the till' }, ['sale:write'], 'NOT_YOURS'],
])('takes a hold %s', async (_, how, scopes, reason) => {
  const sku = `T-${randomUUID().slice(0, 8)}`;
  await shop.product({ sku, tracking: 'QUANTITY', quantity: 5 });
  const holdId = await heldByPage(sku, { quantity: 3 });
  const answer = await shop.saleLineAdd(
    { saleId: await opened(), holdId, ...how },
    { tenantId: tenantA, scopes, subject: 'till' },
  );
  if (reason) {
    expect(answer).toMatchObject({ __typename: 'HoldNotTaken', reason });
    expect(await holdOf(holdId)).toMatchObject({ subject: 'web-shop-page', purpose: 'BASKET' });
  } else {
    expect(answer['sale'].lines).toMatchObject([{ sku, quantity: 3 }]);
    expect(await holdOf(holdId)).toEqual({ status: 'LIVE', subject: 'till', purpose: 'SALE' });
  }
});

it('gives the hold back when the line is refused after all, and opens a basket with a batch of them', async () => {
  await shop.product({ sku: 'CHAIN', tracking: 'QUANTITY', quantity: 5 });
  const holdId = await heldByPage('CHAIN', { quantity: 2 });
  const line = { holdId, holdSecret: secret };
  const dollars = (await shop.saleOpen({ ...web, currencyCode: 'USD' }))['sale'].id;
  const refused = await shop.saleLineAdd({ saleId: dollars, ...line });
  expect(refused.__typename).toBe('CurrencyMismatch');
  expect(await holdOf(holdId)).toMatchObject({ subject: 'web-shop-page', purpose: 'BASKET' });

  const second = await heldByPage('CHAIN');
  const lines = [line, { ...line, holdId: second }, { sku: 'CHAIN' }];
  const { sale } = await shop.saleOpen({ ...web, lines });
  expect(sale.lines.map((one: { quantity: number }) => one.quantity)).toEqual([2, 1, 1]);
  const again = await shop.saleOpen({ ...web, lines: [line] });
  expect(again).toMatchObject({
    __typename: 'SaleLinesRefused',
    refusals: [{ index: 0, code: 'HOLD_NOT_TAKEN' }],
  });
});
