import { randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import type { StockUses } from '../stock-command/inventory.client.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());
beforeEach(() => {
  catalog.inventory.isDown = false;
});

const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8).toUpperCase()}`;
type Node = { id: string; sku: string; title: string };

/** A T-shirt on sale in Red and Blue. */
async function tee(change: object = {}) {
  const price = { amount: '19.00', currencyCode: 'USD' };
  const { product } = await catalog.mutate('productCreate', {
    ...{ title: 'Tee', status: 'ACTIVE', options: [{ name: 'Color', values: ['Red', 'Blue'] }] },
    variants: [
      { sku: unique('RED'), optionValues: ['Red'], price, ...change },
      { sku: unique('BLUE'), optionValues: ['Blue'], price },
    ],
  });
  const [red, blue] = product.variants.nodes as [Node, Node];
  return { productId: product.id as string, red, blue };
}

const remove = (
  input: { id: string; productVersion?: number; idempotencyKey?: string },
  caller = {},
) => {
  const { id, productVersion = 1, idempotencyKey = randomUUID() } = input;
  return catalog.mutate('variantRemove', { id, productVersion, idempotencyKey }, caller);
};

const uses = (some: Partial<StockUses>): StockUses => ({
  ...{ onHand: 0, inTransit: 0, backorderLimit: 0, holdsTotal: 0, holds: [], ...some },
});

const events = (productId: string) =>
  catalog.db.read(tenantA, (tx) =>
    tx.query<{ sequence: number; skus: string[]; removed: string[] | null }>(
      `SELECT sequence::integer, data -> 'removedVariantIds' AS removed,
         (SELECT json_agg(v ->> 'sku') FROM json_array_elements(data -> 'variants') v) AS skus
       FROM outbox WHERE aggregate_id = $1 ORDER BY position`,
      [productId],
    ),
  );

const seen = `query ($id: ID!, $sku: String!, $productId: ID!) {
  byId: variant(id: $id) { sku removedAt } bySku: variant(sku: $sku) { id removedAt }
  product(id: $productId) { variantsTotal variants { nodes { sku } } }
  products(query: $sku) { nodes { id } } }`;

describe('variantRemove', () => {
  it('takes the variant out of its product and says so; its SKU stays taken, all else is free again', async () => {
    const barcode = '4006381333931';
    const { productId, red, blue } = await tee({ barcode });
    const answer = await remove(red);
    expect(answer).toMatchObject({
      __typename: 'VariantRemoveSuccess',
      variant: { id: red.id, sku: red.sku, isActive: false, product: { id: productId } },
      product: { version: 2, variantsTotal: 1, variants: { nodes: [{ sku: blue.sku }] } },
    });
    expect(Date.parse(answer.variant.removedAt)).toBeLessThanOrEqual(Date.now());
    expect(await events(productId)).toEqual([
      { sequence: 1, skus: [red.sku, blue.sku], removed: null },
      { sequence: 2, skus: [blue.sku], removed: [red.id] },
    ]);
    const again = { productId, productVersion: 2 };
    const variants = [{ sku: red.sku.toLowerCase(), optionValues: ['Red'] }];
    expect(await catalog.mutate('variantsAdd', { ...again, variants })).toMatchObject({
      code: 'SKU_TAKEN',
    });
    const anew = [{ sku: unique('RED'), optionValues: ['Red'], barcode }];
    expect(await catalog.mutate('variantsAdd', { ...again, variants: anew })).toMatchObject({
      ...{ __typename: 'VariantsAddSuccess', product: { variantsTotal: 2 } },
    });
  });

  it('leaves it to be read by those who name it, in no list and never by a shop', async () => {
    const { productId, red, blue } = await tee();
    await remove(red);
    const names = { id: red.id, sku: red.sku, productId };
    const { data } = await catalog.graphql(seen, names);
    const removedAt = expect.any(String);
    expect(data).toEqual({
      byId: { sku: red.sku, removedAt },
      bySku: { id: red.id, removedAt },
      product: { variantsTotal: 1, variants: { nodes: [{ sku: blue.sku }] } },
      products: { nodes: [] },
    });
    const shop = await catalog.graphql(seen, names, { scopes: ['shop:read'] });
    expect(shop.data).toEqual({ ...data, byId: null, bySku: null });
    const forSale = await catalog.graphql(
      'query ($sku: String!) { variantForSale(sku: $sku) { variantId } }',
      { sku: red.sku },
      { scopes: ['service:pos'] },
    );
    expect(forSale.data).toEqual({ variantForSale: null });
    const change = { id: red.id, productVersion: 2, isActive: true };
    expect(await catalog.mutate('variantUpdate', change)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await remove({ id: red.id, productVersion: 2 })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['stock', { onHand: 3 }, '3 on hand'],
    ['stock on its way', { inTransit: 1 }, '1 in transit'],
    ['stock that may be sold ahead', { backorderLimit: 5 }, '5 may be sold ahead of stock'],
  ])('refuses while there is %s, and writes nothing', async (_, some, reason) => {
    const { red } = await tee();
    catalog.inventory.uses.set(red.id, uses(some));
    const before = await factCounts(catalog.db);
    expect(await remove(red)).toMatchObject({
      ...{ __typename: 'VariantInUse', code: 'VARIANT_IN_USE', sku: red.sku, ...some, holds: [] },
      message: `${red.sku} stays: ${reason}.`,
    });
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('names the holds and open sales that it is promised to, the same under the same key', async () => {
    const { red } = await tee();
    const saleId = randomUUID();
    const expiresAt = '2026-12-01T00:00:00.000Z';
    const hold = { holdId: randomUUID(), quantity: 1, locationCode: 'HQ' };
    const other = { holdId: randomUUID(), quantity: 2, locationCode: 'GM' };
    const holds = [
      { ...hold, expiresAt, saleId },
      { ...other, expiresAt: null, saleId: null },
    ];
    catalog.inventory.uses.set(red.id, uses({ onHand: 3, holdsTotal: 2, holds }));
    const input = { id: red.id, idempotencyKey: randomUUID() };
    const refusal = await remove(input);
    expect(refusal).toMatchObject({
      message: `${red.sku} stays: 3 on hand, 2 held.`,
      holdsTotal: 2,
      holds: [
        { ...hold, expiresAt, sale: { id: saleId } },
        { ...other, expiresAt: null, sale: null },
      ],
    });
    catalog.inventory.uses.delete(red.id);
    expect(await remove(input)).toEqual(refusal);
    expect(await remove(red)).toMatchObject({ __typename: 'VariantRemoveSuccess' });
  });

  it('refuses while opening stock is on its way to inventory', async () => {
    catalog.inventory.isDown = true;
    const { red } = await tee({ openingStock: [{ locationCode: 'HQ', quantity: 2 }] });
    catalog.inventory.isDown = false;
    expect(await remove(red)).toMatchObject({ openingStockPending: true, onHand: 0 });
  });

  it('is an error while inventory is away, and answers what it answered before all the same', async () => {
    const { productId, red, blue } = await tee();
    const idempotencyKey = randomUUID();
    catalog.inventory.isDown = true;
    await expect(remove({ id: red.id, idempotencyKey })).rejects.toThrow('SUBGRAPH_UNAVAILABLE');
    expect(await events(productId)).toHaveLength(1);
    catalog.inventory.isDown = false;
    const first = await remove({ id: red.id, idempotencyKey });
    expect(first.__typename).toBe('VariantRemoveSuccess');
    catalog.inventory.isDown = true;
    expect(await remove({ id: red.id, idempotencyKey })).toEqual(first);
    expect(await remove(blue)).toMatchObject({ code: 'VERSION_CONFLICT', product: { version: 2 } });
    expect(await events(productId)).toHaveLength(2);
  });

  it('keeps the last variant, also of two that are removed at once', async () => {
    const { productId, red, blue } = await tee();
    const answers = await Promise.all([remove(red), remove(blue), remove(red), remove(blue)]);
    const names = answers.map(({ __typename }) => __typename).sort();
    expect(names.filter((name) => name === 'VariantRemoveSuccess')).toHaveLength(1);
    const { data } = await catalog.graphql(seen, { id: red.id, sku: red.sku, productId });
    const [{ sku }] = data.product.variants.nodes;
    const last = sku === red.sku ? red : blue;
    expect(await remove({ id: last.id, productVersion: 2 })).toMatchObject({
      ...{ __typename: 'LastVariant', code: 'LAST_VARIANT', product: { id: productId } },
    });
  });

  it('knows no variant of another tenant, and no id that is none', async () => {
    const { red } = await tee();
    const notFound = { __typename: 'NotFound', kind: 'Variant' };
    expect(await remove(red, { tenantId: tenantB })).toMatchObject(notFound);
    expect(await remove({ id: 'x' })).toMatchObject(notFound);
  });
});
