import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import { refreshDue } from '../product-refresh/product-refresh.service.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
  for (const task of catalog.background) await task.stop();
});
afterAll(() => catalog.stop());

const fields = `__typename ... on UserError { code message } ... on NotFound { kind id }
  ... on InvalidInput { field value }`;
const category = 'category { id name path parent { path } productsTotal }';
const selections: Record<string, string> = {
  categoryCreate: `... on CategoryPathTaken { path } ... on CategoryCreateSuccess { ${category} }`,
  categoryRename: `... on CategoryPathTaken { path } ... on CategoryRenameSuccess { ${category} }`,
  categoryMove: `... on CategoryCycle { ${category} } ... on CategoryMoveSuccess { ${category} }`,
  categoryMerge: `... on CategoryCycle { ${category} } ... on CategoryMergeSuccess { ${category} }`,
  categoryDelete: `... on CategoryNotEmpty { productsTotal childrenTotal } ... on CategoryDeleteSuccess { deletedId }`,
};
const change = (name: string, input: object, tenantId = tenantA) =>
  catalog.ask(name, `${fields} ${selections[name]}`, input, { tenantId });

async function idOf(path: string): Promise<string | undefined> {
  const query = 'query ($path: String!) { category(path: $path) { id } }';
  return (await catalog.graphql(query, { path })).data.category?.id;
}

async function productIn(path: string): Promise<string> {
  const answer = await catalog.mutate('productCreate', { title: 'Tee', category: path });
  return answer.product.id;
}

async function pathOfProduct(id: string): Promise<string | undefined> {
  const query = 'query ($id: ID!) { product(id: $id) { category { path } } }';
  return (await catalog.graphql(query, { id })).data.product.category?.path;
}

async function newestEvent(productId: string) {
  const [event] = await catalog.db.read(tenantA, (tx) =>
    tx.query<{ data: { category: string; categoryPath: string; version: number } }>(
      'SELECT data FROM outbox WHERE aggregate_id = $1 ORDER BY position DESC LIMIT 1',
      [productId],
    ),
  );
  return event!.data;
}

test('a product names its category by path or id, and the tree is made of it', async () => {
  const id = await productIn(" Men's Tops >T-Shirts");
  expect(await pathOfProduct(id)).toBe("Men's Tops > T-Shirts");
  const leaf = await idOf("men's tops > t-shirts");
  const again = await catalog.mutate('productCreate', { title: 'Tank', categoryId: leaf });
  expect(await pathOfProduct(again.product.id)).toBe("Men's Tops > T-Shirts");
  const query = `query ($path: String!) { category(path: $path) { name productsTotal
    children { nodes { name path productsTotal parent { name } } } } }`;
  expect((await catalog.graphql(query, { path: "Men's Tops" })).data.category).toEqual({
    ...{ name: "Men's Tops", productsTotal: 0 },
    children: {
      nodes: [
        {
          ...{ name: 'T-Shirts', path: "Men's Tops > T-Shirts", productsTotal: 2 },
          parent: { name: "Men's Tops" },
        },
      ],
    },
  });
});

test('another name and another place are followed by what is below, and by the events of products', async () => {
  const id = await productIn('Schmuck > Ringe > Gold');
  await change('categoryRename', { id: await idOf('Schmuck'), name: 'Jewellery' });
  expect(await pathOfProduct(id)).toBe('Jewellery > Ringe > Gold');
  await catalog.mutate('productCreate', { title: 'Top', category: 'Estate' });
  const moved = await change('categoryMove', {
    ...{ id: await idOf('Jewellery > Ringe'), parentId: await idOf('Estate') },
  });
  expect(moved.category).toMatchObject({ path: 'Estate > Ringe', parent: { path: 'Estate' } });
  expect(await refreshDue(catalog.db)).toBe(1);
  expect(await newestEvent(id)).toMatchObject({
    ...{ category: 'Gold', categoryPath: 'Estate > Ringe > Gold', version: 2 },
  });
  // A file that says Ringe goes on to find them.
  expect(await pathOfProduct(await productIn('ringe'))).toBe('Estate > Ringe');
});

test('two become one with what is below both under one name, a child called as its parent too', async () => {
  const ids = [
    await productIn('Coats > Wool'),
    await productIn('Clothes > Coats > Wool'),
    await productIn('Clothes > Coats > Coats'),
    await productIn('Clothes > Coats'),
  ];
  await change('categoryMerge', {
    ...{ id: await idOf('Clothes > Coats'), targetId: await idOf('Coats') },
  });
  const paths = await Promise.all(ids.map(pathOfProduct));
  expect(paths).toEqual(['Coats > Wool', 'Coats > Wool', 'Coats > Coats', 'Coats']);
  expect(await idOf('Clothes > Coats')).toBeUndefined();
  // Into its own parent: the child of the same name takes the place.
  await change('categoryMerge', {
    ...{ id: await idOf('Coats > Coats'), targetId: await idOf('Coats') },
  });
  expect(await Promise.all(ids.map(pathOfProduct))).toEqual([
    ...['Coats > Wool', 'Coats > Wool', 'Coats', 'Coats'],
  ]);
});

test('what cannot be is refused by name, and nothing is written', async () => {
  await productIn('Shoes > Boots');
  await productIn('Hats');
  const [shoes, boots] = [await idOf('Shoes'), await idOf('Shoes > Boots')];
  const before = await factCounts(catalog.db);
  const cycle = { __typename: 'CategoryCycle', code: 'CATEGORY_CYCLE', category: { id: shoes } };
  expect(await change('categoryMove', { id: shoes, parentId: boots })).toMatchObject(cycle);
  expect(await change('categoryMove', { id: shoes, parentId: shoes })).toMatchObject(cycle);
  expect(await change('categoryMerge', { id: shoes, targetId: boots })).toMatchObject(cycle);
  const taken = { __typename: 'CategoryPathTaken', path: 'shoes' };
  expect(await change('categoryCreate', { name: 'shoes' })).toMatchObject(taken);
  expect(await change('categoryRename', { id: await idOf('Hats'), name: 'shoes' })).toMatchObject(
    taken,
  );
  expect(await change('categoryDelete', { id: shoes })).toMatchObject({
    ...{ __typename: 'CategoryNotEmpty', productsTotal: 0, childrenTotal: 1 },
  });
  expect(await change('categoryDelete', { id: boots })).toMatchObject({ productsTotal: 1 });
  expect(await change('categoryCreate', { name: 'a > b' })).toMatchObject({ field: 'name' });
  const notFound = { __typename: 'NotFound', kind: 'Category' };
  for (const id of [shoes, 'no-id'] as const) {
    const theirs = { title: 'Boot', categoryId: id };
    const caller = { tenantId: id === shoes ? tenantB : tenantA };
    expect(await catalog.mutate('productCreate', theirs, caller)).toMatchObject(notFound);
  }
  expect(await change('categoryRename', { id: shoes, name: 'x' }, tenantB)).toMatchObject(notFound);
  const deep = Array.from({ length: 11 }, (_, level) => `L${level}`).join(' > ');
  expect(await catalog.mutate('productCreate', { title: 'Deep', category: deep })).toMatchObject({
    __typename: 'InvalidInput',
    field: 'category',
  });
  expect(await factCounts(catalog.db)).toEqual(before);
});

test('an empty one is deleted', async () => {
  const made = await change('categoryCreate', { name: 'Soon gone', parentId: await idOf('Hats') });
  expect(made.category.path).toBe('Hats > Soon gone');
  const { id } = made.category;
  expect(await change('categoryDelete', { id })).toEqual({
    ...{ __typename: 'CategoryDeleteSuccess', deletedId: id },
  });
  expect(await idOf('Hats > Soon gone')).toBeUndefined();
});
