import { randomUUID } from 'node:crypto';
import { startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import { refreshDue, republishProducts } from './product-refresh.service.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

type Event = { id: string; sequence: number; vendor: string; deletedAt: string | null };
const events = (productId: string) =>
  catalog.db.read(tenantA, (tx) =>
    tx.query<Event>(
      `SELECT event_id AS id, sequence::integer, data ->> 'vendor' AS vendor, data ->> 'deletedAt' AS "deletedAt"
       FROM outbox WHERE aggregate_id = $1 ORDER BY position`,
      [productId],
    ),
  );

async function product(vendor: string) {
  const { product: created } = await catalog.mutate('productCreate', { title: 'Ring', vendor });
  return created as { id: string; vendor: { id: string } };
}

test('every product goes out once more as it is, a deleted one too', async () => {
  const [ring, gone] = [await product(`Maker ${randomUUID()}`), await product('Maker')];
  await catalog.ask('productDelete', '__typename', { id: gone.id, version: 1 });
  const other = await catalog.db.read(tenantB, (tx) => tx.query('SELECT FROM outbox'));
  expect(await republishProducts(catalog.db, tenantA)).toBe(1);
  await refreshDue(catalog.db);
  const [first, again, ...more] = await events(ring.id);
  expect(more).toEqual([]);
  expect(again).toEqual({ ...first!, id: expect.any(String) });
  expect(again!.id).not.toBe(first!.id);
  const [, deleted, deletedAgain] = await events(gone.id);
  expect(deletedAgain).toMatchObject({ sequence: 2, deletedAt: deleted!.deletedAt });
  expect(await catalog.db.read(tenantB, (tx) => tx.query('SELECT FROM outbox'))).toEqual(other);
});

test('a change that waits beside it goes out as a change', async () => {
  const { id } = await product(`Maker ${randomUUID()}`);
  await republishProducts(catalog.db, undefined);
  const query = 'query ($id: ID!) { product(id: $id) { vendor { id } } }';
  const { vendor } = (await catalog.graphql(query, { id })).data.product;
  const name = `Other ${randomUUID()}`;
  await catalog.ask('vendorUpdate', '__typename', { id: vendor.id, name });
  await refreshDue(catalog.db);
  expect((await events(id)).map(({ sequence, vendor: shown }) => [sequence, shown])).toEqual([
    [1, expect.any(String)],
    [2, name],
  ]);
});
