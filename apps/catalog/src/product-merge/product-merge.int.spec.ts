import { randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const colors = ['Red', 'Blue', 'Navy'];
const picture = (name: string) => `https://x.test/${name}.jpg`;

/** A shirt, and what its split by colour makes. */
async function siblings() {
  const word = randomUUID().slice(0, 8).toUpperCase();
  const price = { amount: '20.00', currencyCode: 'USD' };
  const { product } = await catalog.mutate('productCreate', {
    ...{ title: `Shirt ${word}`, status: 'ACTIVE', seoTitle: 'Shirts', seoDescription: 'Soft.' },
    media: ['all', ...colors].map((name) => ({ url: picture(name) })),
    options: [
      { name: 'Size', values: ['S', 'M'] },
      { name: 'Color', values: colors },
    ],
    variants: ['S', 'M'].flatMap((size) =>
      colors.map((color) => ({
        ...{ optionValues: [size, color], sku: `${word}-${size}-${color}`, price },
        imageUrl: picture(color),
      })),
    ),
  });
  const place = { productId: product.id, productVersion: 1, option: 'Color' };
  const made = await catalog.mutate('productSplit', place);
  const [red, blue, navy] = made.siblings.map((one: any) => one.product);
  return { word, product, red, blue, navy };
}

const named = ({ id, version }: any) => ({ productId: id, productVersion: version });
const merge = (input: object, caller = {}) => catalog.mutate('productsMerge', input, caller);
const graph = async (query: string, id: string) =>
  (await catalog.graphql(`query ($id: ID!) { product(id: $id) { ${query} } }`, { id })).data
    .product;
const shownOf = (product: any) => ({
  ...{ title: product.title, handle: product.handle, options: product.options },
  variants: product.variants.nodes,
});

describe('productsMerge', () => {
  it('makes one product again, as it was before the split, and tells of it first', async () => {
    const { product, red, blue, navy } = await siblings();
    // What changes meanwhile raises one sibling's version only.
    const title = 'Shirt by night - Navy';
    await catalog.mutate('productUpdate', { id: navy.id, handle: `${navy.handle}-2`, title });
    const input = {
      ...{ ...named(red), products: [named(blue), { ...named(navy), productVersion: 3 }] },
      ...{ option: 'Color', optionPosition: 2 },
    };
    const before = await factCounts(catalog.db);
    const planned = await merge({ ...input, isDryRun: true });
    expect(planned).toMatchObject({ isDryRun: true, variantsTotal: 6, product: { version: 2 } });
    expect(await factCounts(catalog.db)).toEqual(before);
    const idempotencyKey = randomUUID();
    const merged = await merge({ ...input, idempotencyKey });
    const { product: shown, isDryRun: _, ...texts } = merged;
    expect(planned).toMatchObject(texts);
    expect(texts).toMatchObject({ seoTitle: 'Shirts', seoDescription: 'Soft.' });
    expect(shownOf(shown)).toEqual(shownOf(product));
    expect(shown).toMatchObject({ version: 4, variantsTotal: 6 });
    const pictures = shown.media.map(({ url }: any) => url);
    expect(pictures).toEqual(['all', ...colors].map(picture));
    expect(await merge({ ...input, idempotencyKey })).toEqual(merged);
    const told = await catalog.db.read(tenantA, (tx) =>
      tx.query(
        `SELECT aggregate_id AS id, sequence::integer, jsonb_array_length(data::jsonb -> 'variants') AS variants,
           data::jsonb ? 'deletedAt' AS gone
         FROM outbox ORDER BY position DESC LIMIT 3`,
      ),
    );
    expect(told.reverse()).toEqual([
      { id: red.id, sequence: 4, variants: 6, gone: false },
      { id: blue.id, sequence: 3, variants: 0, gone: true },
      { id: navy.id, sequence: 4, variants: 0, gone: true },
    ]);
    await leadsTo(red, { blue, navy });
  });

  /** What the siblings were called, and they themselves, lead to the product that goes on. */
  async function leadsTo({ id }: any, { blue, navy }: any) {
    const addresses = [blue.handle, navy.handle, `${navy.handle}-2`];
    expect((await graph('formerHandles', id)).formerHandles.sort()).toEqual(addresses.sort());
    expect(await graph('mergedInto { id } deletedAt', blue.id)).toMatchObject({
      mergedInto: { id },
    });
    expect(await graph('mergedInto { id } siblings { nodes { id } }', id)).toEqual({
      ...{ mergedInto: null, siblings: { nodes: [] } },
    });
    expect(await catalog.mutate('productRestore', { id: blue.id })).toMatchObject({
      ...{ code: 'PRODUCT_MERGED', product: { id } },
    });
    const deleted = await catalog.graphql('{ productsDeleted { nodes { id } } }');
    expect(deleted.data.productsDeleted.nodes).toEqual([]);
  }

  it('is done once by one of many at once, without stopping those that merge the other way', async () => {
    const { red, blue, navy } = await siblings();
    const [one, two, three] = [red, blue, navy].map(named);
    const ways = [
      { ...one, products: [two, three] },
      { ...three, products: [two, one] },
      { ...two, products: [one] },
    ];
    const answers = await Promise.all(ways.map((way) => merge({ ...way, option: 'Color' })));
    const codes = answers.map(({ __typename, code }) => code ?? __typename);
    expect(codes.filter((code) => code === 'ProductsMergeSuccess')).toHaveLength(1);
    const lost = codes.filter((code) => code === 'NOT_FOUND' || code === 'VERSION_CONFLICT');
    expect(lost).toHaveLength(2);
  });

  it('refuses strangers, doubles, deleted, foreign and newer products, and values that collide', async () => {
    const { red, blue } = await siblings();
    const { navy: stranger } = await siblings();
    const before = await factCounts(catalog.db);
    const with_ = (...products: object[]) => ({ ...named(red), products, option: 'Color' });
    const own = { field: 'products.0.productId' };
    expect(await merge(with_(named(stranger)))).toMatchObject({ ...own, value: stranger.id });
    expect(await merge(with_(named(red)))).toMatchObject({ ...own, value: red.id });
    expect(await merge(with_())).toMatchObject({ field: 'products', value: '0' });
    const place = { ...with_(named(blue)), optionPosition: 4 };
    expect(await merge(place)).toMatchObject({ field: 'optionPosition', value: '4' });
    expect(await merge({ ...with_(named(blue)), title: ' ' })).toMatchObject({ field: 'title' });
    const newer = with_({ ...named(blue), productVersion: 9 });
    expect(await merge(newer)).toMatchObject({
      code: 'VERSION_CONFLICT',
      product: { id: blue.id },
    });
    const alike = with_({ ...named(blue), value: 'RED' });
    const { code, skus } = await merge(alike);
    expect([code, skus.length]).toEqual(['VARIANTS_WOULD_COINCIDE', 4]);
    const unknown = { ...named(blue), productId: randomUUID() };
    expect(await merge(with_(unknown))).toMatchObject({ code: 'NOT_FOUND', id: unknown.productId });
    expect(await merge(with_(named(blue)), { tenantId: tenantB })).toMatchObject({
      ...{ code: 'NOT_FOUND', kind: 'Product' },
    });
    expect(await factCounts(catalog.db)).toEqual(before);
  });
});
