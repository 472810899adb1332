import { factCounts, startCatalog, tenantA, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const facts = `productGroup { name products { nodes { title } } } seoTitle seoDescription styleNumber
  metadata { key type value } createdBy updatedBy`;
const factsOf = async (id: string, scopes?: string[]) => {
  const query = `query ($id: ID!) { product(id: $id) { ${facts} } }`;
  return catalog.graphql(query, { id }, scopes ? { scopes } : {});
};
const given = {
  productGroup: 'Galaxy',
  seoTitle: ' Galaxy V-Neck, organic ',
  seoDescription: 'A soft tee.',
  styleNumber: '1078',
  metadata: [
    { key: 'custom.fabric', value: 'Cotton' },
    { key: 'custom.gsm', type: 'INTEGER', value: '180' },
  ],
};
const metadata = [
  { key: 'custom.fabric', type: 'TEXT', value: 'Cotton' },
  { key: 'custom.gsm', type: 'INTEGER', value: '180' },
];

async function created(title: string, more: object = {}): Promise<string> {
  const answer = await catalog.mutate('productCreate', { title, status: 'ACTIVE', ...more });
  return answer.product.id;
}

test('facts are kept, told by the event, shared by a group, and stay where a change leaves them out', async () => {
  const id = await created('V-Neck', given);
  await created('Crew', { productGroup: 'galaxy' });
  const kept = {
    ...{ seoTitle: 'Galaxy V-Neck, organic', seoDescription: 'A soft tee.', styleNumber: '1078' },
    ...{ metadata, createdBy: 'tester', updatedBy: 'tester' },
    productGroup: { name: 'Galaxy', products: { nodes: [{ title: 'V-Neck' }, { title: 'Crew' }] } },
  };
  expect((await factsOf(id)).data.product).toEqual(kept);

  await catalog.mutate('productUpdate', { id, seoDescription: null, productGroup: null });
  const after = { ...kept, seoDescription: null, productGroup: null };
  expect((await factsOf(id)).data.product).toEqual(after);

  const events = await catalog.db.read(tenantA, (tx) =>
    tx.query<{ data: any }>('SELECT data FROM outbox WHERE aggregate_id = $1 ORDER BY position', [
      id,
    ]),
  );
  const [first, second] = events.map(({ data }) => data);
  const told = { seoTitle: 'Galaxy V-Neck, organic', styleNumber: '1078', metadata };
  expect(first).toMatchObject({ ...told, seoDescription: 'A soft tee.' });
  expect(first.productGroupId).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toMatchObject(told);
  expect(second).not.toHaveProperty('seoDescription');
  expect(second).not.toHaveProperty('productGroupId');
});

test('a public shop sees what search engines are told', async () => {
  const id = await created('Public', { seoTitle: 'For all' });
  const query = 'query ($id: ID!) { product(id: $id) { seoTitle } }';
  const shop = { scopes: ['shop:read'] };
  expect((await catalog.graphql(query, { id }, shop)).data.product).toEqual({
    seoTitle: 'For all',
  });
});

test.each([
  ['seoTitle', { seoTitle: 'x'.repeat(256) }],
  ['metadata.0.value', { metadata: [{ key: 'a', type: 'INTEGER', value: '1e3' }] }],
  ['metadata.1.key', { metadata: ['a', 'a'].map((key) => ({ key, value: '1' })) }],
  ['metadata', { metadata: [{ key: 'a', value: 'x'.repeat(60_000) }] }],
])('a bad %s is named and nothing is written', async (field, input) => {
  const before = await factCounts(catalog.db);
  const answer = await catalog.mutate('productCreate', { title: 'Bad', ...input });
  expect(answer).toMatchObject({ __typename: 'InvalidInput', field });
  expect(await factCounts(catalog.db)).toEqual(before);
});
