import { cash, type Result } from './pos.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// Lines of a basket are changed: pos and the real inventory together.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ SALE_HOLD_SECONDS: '900' });
});
afterAll(() => shop?.stop());

const web = { channel: 'WEB', currencyCode: 'EUR' };
const isDone = ({ __typename }: Result) => __typename.endsWith('Success');

async function lineOf(sku: string, quantity: number) {
  const saleId = (await shop.saleOpen(web))['sale'].id as string;
  const added = await shop.saleLineAdd({ saleId, sku, quantity });
  return { saleId, lineId: added['line'].id as string };
}
/** What the line is of, what is held for it, and what is left for others. */
async function countsOf(sku: string, { lineId }: { lineId: string }) {
  const [line] = await shop.rows('pos', 'SELECT quantity FROM sale_line WHERE id = $1', [lineId]);
  const [stock] = await shop.rows(
    'inventory',
    `SELECT (SELECT coalesce(sum(h.quantity), 0)::int FROM hold h WHERE h.line_id = $2 AND h.status = 'LIVE') AS held,
            l.on_hand - l.committed AS free
       FROM level l JOIN stock_item i ON i.id = l.stock_item_id WHERE i.sku = $1`,
    [sku, lineId],
  );
  const { held, free } = stock!;
  return { quantity: line?.['quantity'] ?? 0, held, free };
}
const expireHolds = (saleId: string) =>
  shop.rows(
    'inventory',
    `UPDATE hold SET expires_at = now() - interval '1 second' WHERE reference_id = $1`,
    [saleId],
  );

it('a line takes what is free and gives back what it does not want, at once and for all', async () => {
  await shop.product({ sku: 'CHAIN', tracking: 'QUANTITY', quantity: 6 });
  const line = await lineOf('CHAIN', 2);
  const rival = await lineOf('CHAIN', 1);
  expect(isDone(await shop.saleLineUpdate({ ...line, quantity: 5 }))).toBe(true);
  expect(await countsOf('CHAIN', line)).toEqual({ quantity: 5, held: 5, free: 0 });
  const more = await shop.saleLineUpdate({ ...rival, quantity: 2 });
  expect(more).toMatchObject({ __typename: 'InsufficientStock', requested: 2, available: 1 });
  expect(isDone(await shop.saleLineUpdate({ ...line, quantity: 1 }))).toBe(true);
  expect(isDone(await shop.saleLineUpdate({ ...rival, quantity: 5 }))).toBe(true);
  expect(await countsOf('CHAIN', rival)).toEqual({ quantity: 5, held: 5, free: 0 });
  const paid = await shop.saleCommit({ saleId: rival.saleId, tenders: [cash('500')] });
  expect(paid['sale']).toMatchObject({ status: 'COMMITTED', lines: [{ quantity: 5 }] });
});

it('of the last pieces growing lines and buyers get exactly as many as there are', async () => {
  await shop.product({ sku: 'PEARL', tracking: 'QUANTITY', quantity: 16 });
  const lines = await Promise.all(Array.from({ length: 10 }, () => lineOf('PEARL', 1)));
  const growing = lines.map((line) => shop.saleLineUpdate({ ...line, quantity: 2 }));
  const buying = Array.from({ length: 4 }, () =>
    lineOf('PEARL', 1).then(
      () => true,
      () => false,
    ),
  );
  const grown = (await Promise.all(growing)).filter(isDone).length;
  const bought = (await Promise.all(buying)).filter(Boolean).length;
  expect(grown + bought).toBe(6);
});

it('tills that change one line at once leave a hold as large as the line', async () => {
  await shop.product({ sku: 'RIBBON', tracking: 'QUANTITY', quantity: 20 });
  const line = await lineOf('RIBBON', 3);
  for (let round = 0; round < 5; round += 1) {
    const changes = [1, 8, 2, 7].map((quantity) => shop.saleLineUpdate({ ...line, quantity }));
    expect((await Promise.all(changes)).every(isDone)).toBe(true);
    const { quantity, held, free } = await countsOf('RIBBON', line);
    expect({ held, free }).toEqual({ held: quantity, free: 20 - quantity });
  }
});

it('a hold that has ended is placed anew, or the line hears that somebody else has the stock', async () => {
  await shop.product({ sku: 'WATCH', tracking: 'QUANTITY', quantity: 4 });
  const line = await lineOf('WATCH', 2);
  await expireHolds(line.saleId);
  const again = await shop.saleLineUpdate({ ...line, quantity: 3 });
  expect(Date.parse(again['sale'].lines[0].heldUntil)).toBeGreaterThan(Date.now() + 600_000);
  expect(await countsOf('WATCH', line)).toEqual({ quantity: 3, held: 3, free: 1 });
  await expireHolds(line.saleId);
  const rival = await lineOf('WATCH', 2);
  const late = await shop.saleLineUpdate({ ...line, quantity: 4 });
  expect(late).toMatchObject({ __typename: 'InsufficientStock', requested: 4, available: 2 });
  expect(await countsOf('WATCH', rival)).toEqual({ quantity: 2, held: 2, free: 2 });
});
