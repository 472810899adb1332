import { randomUUID } from 'node:crypto';
import { startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import { createPriceListService, type PriceListService } from './price-list.service.ts';

let catalog: Catalog;
let lists: PriceListService;
beforeAll(async () => {
  catalog = await startCatalog();
  lists = createPriceListService({ db: catalog.db, wake: () => undefined });
});
afterAll(() => catalog.stop());

const usd = (amount: string) => ({ amount, currencyCode: 'USD' });

async function product(prices = ['20.00', '30.00']) {
  const word = randomUUID().slice(0, 8);
  const variants = prices.map((price, index) => ({
    ...{ sku: `${word}-${index}`, optionValues: [`${index}`], price: usd(price) },
  }));
  const options = [{ name: 'Size', values: prices.map((_, index) => `${index}`) }];
  const answer = await catalog.mutate('productCreate', { title: 'Shirt', options, variants });
  return { productId: answer.product.id as string, skus: variants.map(({ sku }) => sku) };
}

/** A list that began long ago and has no end, or what is said otherwise. */
const create = (input: object, caller = {}) =>
  catalog.mutate(
    'priceListCreate',
    { name: 'Sale', timeZone: 'Europe/Berlin', startsAtLocal: '2020-01-01T00:00', ...input },
    caller,
  );

async function applied(): Promise<void> {
  while ((await lists.applyDue()) > 0);
}

/** Price and former price of each variant, by the graph. */
async function shown(productId: string) {
  const { data } = await catalog.graphql(
    `query ($id: ID!) { product(id: $id) { version variants { nodes {
       price { amount } compareAtPrice { amount } regularPrice { amount } priceList { name status } } } } }`,
    { id: productId },
  );
  return data.product.variants.nodes.map((variant: any) =>
    [variant.price, variant.compareAtPrice, variant.regularPrice].map((one) => one?.amount ?? null),
  );
}

const told = (productId: string) =>
  catalog.db.read(tenantA, (tx) =>
    tx.query<{ sequence: number; prices: number[] }>(
      `SELECT sequence::integer, (SELECT jsonb_agg((v -> 'price' ->> 'amountMinor')::integer ORDER BY (v ->> 'position')::integer)
                                    FROM jsonb_array_elements((data -> 'variants')::jsonb) v) AS prices
       FROM outbox WHERE aggregate_id = $1 ORDER BY position`,
      [productId],
    ),
  );

/** Its moment has come: as if the clock had gone on to it. */
const passes = (id: string, moment: 'starts_at' | 'ends_at') =>
  catalog.db.inTransaction(tenantA, async (tx) => {
    const ago = moment === 'starts_at' ? '1 hour' : '1 minute';
    await tx.query(
      `UPDATE price_list SET ${moment} = clock_timestamp() - interval '${ago}' WHERE id = $1`,
      [id],
    );
    await tx.query(
      'UPDATE price_list_product SET due_at = clock_timestamp() WHERE price_list_id = $1',
      [id],
    );
  });

describe('a price list', () => {
  it('is in force from its beginning to its end, which the event tells, and gives the own prices back', async () => {
    const { productId, skus } = await product();
    const { priceList } = await create({
      ...{ startsAtLocal: '2099-12-04T18:00', endsAtLocal: '2099-12-06T23:59' },
      ...{ productIds: [productId], change: { percent: '-20' } },
      entries: [{ sku: skus[1]!.toUpperCase(), price: '9.90' }],
    });
    expect(priceList).toMatchObject({
      ...{ status: 'SCHEDULED', kind: 'SALE', entriesTotal: 2 },
      ...{ startsAt: '2099-12-04T17:00:00.000Z', endsAt: '2099-12-06T22:59:00.000Z' },
    });
    await applied();
    expect(await told(productId)).toHaveLength(1);
    await passes(priceList.id, 'starts_at');
    await applied();
    expect(await shown(productId)).toEqual([
      ['16.00', '20.00', '20.00'],
      ['9.90', '30.00', '30.00'],
    ]);
    const edit = { productId, productVersion: 2, rows: [{ sku: skus[0], price: '25.00' }] };
    await catalog.mutate('variantsUpdate', edit);
    await passes(priceList.id, 'ends_at');
    await applied();
    expect(await shown(productId)).toEqual([
      ['25.00', null, '25.00'],
      ['30.00', null, '30.00'],
    ]);
    expect(await told(productId)).toEqual([
      { sequence: 1, prices: [2000, 3000] },
      { sequence: 2, prices: [1600, 990] },
      { sequence: 3, prices: [1600, 990] },
      { sequence: 4, prices: [2500, 3000] },
    ]);
  });

  it('is applied once by many workers at once, and what one left is found by the next', async () => {
    const { productId, skus } = await product();
    await create({ entries: [{ sku: skus[0], price: '1.00' }] });
    await Promise.all(Array.from({ length: 6 }, () => lists.applyDue()));
    expect(await told(productId)).toEqual([
      { sequence: 1, prices: [2000, 3000] },
      { sequence: 2, prices: [100, 3000] },
    ]);
  });

  it('that began last goes before another, and is ended by hand', async () => {
    const { productId, skus } = await product(['20.00']);
    const entries = (price: string) => [{ sku: skus[0], price }];
    await create({ name: 'Older', entries: entries('15.00') });
    const newer = await create({ startsAtLocal: '2020-01-02T00:00', entries: entries('18.00') });
    await applied();
    expect(await shown(productId)).toEqual([['18.00', '20.00', '20.00']]);
    const ended = await catalog.mutate('priceListCancel', { id: newer.priceList.id });
    expect(ended.priceList.status).toBe('CANCELLED');
    await applied();
    expect(await shown(productId)).toEqual([['15.00', '20.00', '20.00']]);
  });

  it('of kind PRICE_CHANGE sets the own price once; later edits stay', async () => {
    const { productId, skus } = await product(['20.00']);
    const kind = 'PRICE_CHANGE';
    const { priceList } = await create({ kind, entries: [{ sku: skus[0], price: '22.00' }] });
    await applied();
    const rows = [{ sku: skus[0], price: '23.00' }];
    await catalog.mutate('variantsUpdate', { productId, productVersion: 2, rows });
    await passes(priceList.id, 'starts_at');
    await applied();
    expect(await shown(productId)).toEqual([['23.00', null, '23.00']]);
  });

  it('takes a time that the clock leaves out an hour later', async () => {
    const { skus } = await product();
    const entries = [{ sku: skus[0], price: '1.00' }];
    const { priceList } = await create({ startsAtLocal: '2027-03-28T02:30', entries });
    expect(priceList.startsAt).toBe('2027-03-28T01:30:00.000Z');
  });

  it.each([
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }, { field: 'timeZone' }],
    ['a day that is none', { startsAtLocal: '2026-02-30T10:00' }, { field: 'startsAtLocal' }],
    ['a time with a zone', { startsAtLocal: '2026-02-03T10:00Z' }, { field: 'startsAtLocal' }],
    ['an end before its beginning', { endsAtLocal: '2019-01-01T00:00' }, { field: 'endsAtLocal' }],
    [
      'a change with an end',
      { kind: 'PRICE_CHANGE', endsAtLocal: '2030-01-01T00:00' },
      { field: 'endsAtLocal' },
    ],
    ['no price', { entries: [] }, { field: 'entries' }],
    ['no name', { name: ' ' }, { field: 'name' }],
    ['a change of no product', { change: { percent: '1' } }, { field: 'change' }],
    [
      'an unknown product',
      { productIds: [randomUUID()], change: { percent: '1' } },
      { kind: 'Product' },
    ],
    [
      'a price below zero',
      { entries: [{ sku: 'LIST-1', price: '-1' }] },
      { refusals: [{ row: 1, field: 'price' }] },
    ],
    [
      '19.999',
      { entries: [{ sku: 'LIST-1', price: '19.999' }] },
      { refusals: [{ value: '19.999' }] },
    ],
    [
      'a variant twice, and one that is none',
      {
        entries: [
          { sku: 'LIST-1', price: '1' },
          { sku: 'list-1', price: '2' },
          { sku: 'X', price: '3' },
        ],
      },
      {
        refusals: [
          { row: 2, field: 'sku' },
          { row: 3, field: 'sku' },
        ],
      },
    ],
  ])('is refused with %s', async (_, change, refusal) => {
    const created = { title: 'Listed', variants: [{ sku: 'LIST-1', price: usd('5.00') }] };
    await catalog.mutate('productCreate', created);
    const input = { entries: [{ sku: 'LIST-1', price: '1.00' }], ...change };
    const count = () => catalog.db.read(tenantA, (tx) => tx.query('SELECT id FROM price_list'));
    const before = (await count()).length;
    expect(await create(input)).toMatchObject(refusal);
    expect(await count()).toHaveLength(before);
  });

  it("is nobody else's", async () => {
    const { productId, skus } = await product();
    const { priceList } = await create({ entries: [{ sku: skus[0], price: '1.00' }] });
    const caller = { tenantId: tenantB };
    const change = { percent: '-10' };
    expect(await create({ productIds: [productId], change }, caller)).toMatchObject({
      kind: 'Product',
    });
    expect(await create({ entries: [{ sku: skus[0], price: '2.00' }] }, caller)).toMatchObject({
      code: 'VARIANT_ROWS_REFUSED',
    });
    expect(await catalog.mutate('priceListCancel', { id: priceList.id }, caller)).toMatchObject({
      kind: 'PriceList',
    });
    const { data } = await catalog.graphql(
      'query ($id: ID!) { priceList(id: $id) { id } }',
      { id: priceList.id },
      caller,
    );
    expect(data.priceList).toBeNull();
  });
});
