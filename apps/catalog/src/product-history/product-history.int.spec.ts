import { randomUUID } from 'node:crypto';
import { startCatalog, tenantB, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const price = { amount: '19.00', currencyCode: 'USD' };

async function byHandle(handle: string) {
  const query = 'query ($handle: String!) { product(handle: $handle) { id handle formerHandles } }';
  return (await catalog.graphql(query, { handle })).data.product;
}

async function historyOf(id: string, more = '(first: 100)') {
  const query = `query ($id: ID!) { product(id: $id) { history${more} { pageInfo { hasNextPage endCursor }
    nodes { changedAt changedBy field before after variant { sku } } } } }`;
  return (await catalog.graphql(query, { id })).data.product.history;
}

async function created(input: object) {
  const answer = await catalog.mutate('productCreate', { defaults: { price }, ...input });
  expect(answer.__typename).toBe('ProductCreateSuccess');
  return answer.product;
}

describe('an address that a product has left', () => {
  test('leads to it, until the product returns or another one asks for the address', async () => {
    const { id } = await created({ title: 'Old Name' });
    const move = (handle: string) => catalog.mutate('productUpdate', { id, handle });
    await move('new-name');
    expect(await byHandle('old-name')).toEqual({
      ...{ id, handle: 'new-name', formerHandles: ['old-name'] },
    });
    await move('newest-name');
    await move('old-name');
    expect(await byHandle('new-name')).toEqual({
      ...{ id, handle: 'old-name', formerHandles: ['new-name', 'newest-name'] },
    });
    const taker = await created({ title: 'Taker', handle: 'new-name' });
    expect((await byHandle('new-name')).id).toBe(taker.id);
    expect((await byHandle('old-name')).formerHandles).toEqual(['newest-name']);
  });

  test('is not taken by a name that is made', async () => {
    const { id } = await created({ title: 'Brooch' });
    await catalog.mutate('productUpdate', { id, handle: 'swallow-brooch' });
    expect((await created({ title: 'Brooch' })).handle).toBe('brooch-2');
    expect((await byHandle('brooch')).id).toBe(id);
  });

  test('of another product is refused while that has it', async () => {
    await created({ title: 'Held' });
    const { id } = await created({ title: 'Other' });
    expect(await catalog.mutate('productUpdate', { id, handle: 'held' })).toMatchObject({
      ...{ __typename: 'HandleTaken', handle: 'held' },
    });
    expect((await byHandle('other')).id).toBe(id);
  });
});

describe('history', () => {
  test('says who changed which field from what to what, in names and amounts', async () => {
    const product = await created({ title: 'Tee', vendor: 'Nexus', category: 'Tops > Tees' });
    const [variant] = product.variants.nodes;
    expect((await historyOf(product.id)).nodes).toEqual([]);
    await catalog.mutate('productUpdate', {
      ...{ id: product.id, title: 'T-Shirt', vendor: 'Acme', category: null, tags: ['new'] },
    });
    await catalog.mutate('variantUpdate', {
      ...{ id: variant.id, productVersion: 2, sku: `${variant.sku}-X`, isActive: false },
      price: { amount: '21.50', currencyCode: 'USD' },
    });
    const { nodes } = await historyOf(product.id);
    const sku = `${variant.sku}-X`;
    const of = (field: string) => nodes.find((node: any) => node.field === field);
    expect(nodes).toHaveLength(7);
    expect(of('title')).toMatchObject({ before: 'Tee', after: 'T-Shirt', variant: null });
    expect(of('vendor')).toMatchObject({ before: 'Nexus', after: 'Acme', changedBy: 'tester' });
    expect(of('category')).toMatchObject({ before: 'Tops > Tees', after: null });
    expect(of('tags')).toMatchObject({ before: '[]', after: '["new"]' });
    expect(of('price')).toMatchObject({
      ...{ before: '19.00 USD', after: '21.50 USD', variant: { sku } },
    });
    expect(of('sku')).toMatchObject({ before: variant.sku, after: sku });
    expect(of('isActive')).toMatchObject({ before: 'true', after: 'false' });
    expect(new Set(nodes.map((node: any) => node.changedAt)).size).toBe(2);
  });

  test('is refused with its change, pages newest first, and is the tenant’s own', async () => {
    const { id } = await created({ title: 'Paged' });
    const titles = ['One', 'Two', 'Three'];
    for (const title of titles) await catalog.mutate('productUpdate', { id, title });
    const conflict = { id, version: 1, title: 'Lost' };
    expect((await catalog.mutate('productUpdate', conflict)).__typename).toBe('VersionConflict');
    const first = await historyOf(id, '(first: 2)');
    expect(first.nodes.map((node: any) => node.after)).toEqual(['Three', 'Two']);
    const rest = await historyOf(id, `(first: 2, after: "${first.pageInfo.endCursor}")`);
    expect(rest.nodes.map((node: any) => node.before)).toEqual(['Paged']);
    const rows = await catalog.db.read(tenantB, (tx) => tx.query('SELECT FROM product_change'));
    expect(rows).toHaveLength(0);
  });

  test('tells of variants, values and pictures that joined later, and of pictures that went', async () => {
    const options = [{ name: 'Size', values: ['6'] }];
    const media = [{ url: 'https://x.test/made-with.jpg' }];
    const { id } = await created({ title: 'Ring', options, media });
    const sku = `RING-${randomUUID()}`;
    const variants = [{ sku, optionValues: ['7'], price }];
    await catalog.mutate('variantsAdd', { productId: id, productVersion: 1, variants });
    const url = 'https://x.test/later.jpg';
    const attached = await catalog.mutate('mediaAttach', { productId: id, pictures: [{ url }] });
    await catalog.mutate('mediaDelete', { mediaId: attached.media[0].id });
    const { nodes } = await historyOf(id);
    expect(nodes.slice(0, 2)).toMatchObject([
      { field: 'media', before: url, after: null },
      { field: 'media', before: null, after: url },
    ]);
    expect(nodes).toHaveLength(4);
    const of = (field: string) => nodes.find((node: any) => node.field === field);
    expect(of('variant')).toMatchObject({ before: null, after: sku, variant: { sku } });
    expect(JSON.parse(of('options').after)).toEqual({ name: 'Size', values: ['6', '7'] });
  });
});
