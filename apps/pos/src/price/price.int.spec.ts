import { newEvent } from '@onecount/events';
import { variantMove, variantMoveOrders } from '@onecount/testing';
import { productChanged } from '../consumers/product-changed.ts';
import { productEvent, startPos, tenantA, tenantB, type Pos } from '../../test/pos.harness.ts';
import { priceBySku } from './price.sql.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
});
afterAll(() => pos?.stop());

const quantity = { tracking: 'QUANTITY' as const };
const apply = (event: ReturnType<typeof productEvent>) =>
  pos.database.db.inTransaction(event.tenantId, (tx) => productChanged.handle(tx, event));
const priceOf = async (sku: string, tenantId = tenantA) =>
  (await priceBySku(pos.database.db, { tenantId, sku }))?.priceMinor;

it('keeps the newest version, in whatever order the events come and however often', async () => {
  const version = (version: number) =>
    productEvent({ ...quantity, sku: 'A', version, priceMinor: version * 100 });
  for (const number of [2, 5, 1, 5, 4, 3]) await apply(version(number));
  expect(await priceOf('A')).toBe(500);
});

it('forgets a variant that the product no longer has, also when an older event comes late', async () => {
  const first = productEvent({ ...quantity, sku: 'B', version: 1 });
  const second = structuredClone(first);
  second.data.version = 2;
  second.data.variants = [];
  await apply(first);
  await apply(second);
  await apply(first);
  expect(await priceOf('B')).toBeUndefined();
  const refusal = { __typename: 'NotFound', id: 'B' };
  expect(await pos.saleLineAdd({ saleId: await pos.basket(), sku: 'B' })).toMatchObject(refusal);
});

it('follows a SKU that moves to another product', async () => {
  await apply(productEvent({ ...quantity, sku: 'C', version: 1, priceMinor: 100 }));
  const moved = { ...quantity, sku: 'C', productId: '01900000-0000-7000-8000-00000000cccc' };
  await apply(productEvent({ ...moved, priceMinor: 200, status: 'ACTIVE' }));
  expect(await priceOf('C')).toBe(200);
});

it.each([...variantMoveOrders.split, ...variantMoveOrders.merge])(
  'has a variant that goes to another product and back under the one that has it: %s',
  async (order) => {
    const { events, goes, stays, ownerId, priceMinor, fullTitle } = variantMove(order);
    for (const data of events) {
      const { productId: aggregateId, version: sequence } = data;
      const envelope = { tenantId: tenantA, aggregateId, sequence };
      await apply(newEvent('catalog.product-changed', { ...envelope, data }));
    }
    expect(await priceOf(stays.sku)).toBe(priceMinor);
    const rows = await pos.database.db.read(tenantA, (tx) =>
      tx.query(
        `SELECT product_id AS "ownerId", title, price_minor::integer AS "priceMinor"
         FROM price_book WHERE variant_id = $1`,
        [goes.variantId],
      ),
    );
    expect(rows).toEqual([{ ownerId, title: fullTitle, priceMinor }]);
  },
);

it('is found by a SKU in any case, with blanks around it', async () => {
  await apply(productEvent({ ...quantity, sku: 'Ring-E', priceMinor: 300 }));
  expect(await Promise.all(['ring-e', 'RING-E ', 'Ring-E'].map((sku) => priceOf(sku)))).toEqual([
    300, 300, 300,
  ]);
});

it('keeps tenants apart', async () => {
  await apply(productEvent({ ...quantity, sku: 'D', priceMinor: 100 }));
  expect(await priceOf('D', tenantB)).toBeUndefined();
});
