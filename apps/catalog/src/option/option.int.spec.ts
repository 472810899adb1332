import { factCounts, startCatalog, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const selection = `__typename ... on UserError { code message } ... on InvalidInput { field value }
  ... on VersionConflict { product { version options { name values } } }
  ... on OptionsChangeSuccess { product { version options { name values }
    variants { nodes { id sku title fullTitle } } history(first: 1) { nodes { field before after } } } }`;
const more: Record<string, string> = {
  optionValueRemove: `... on VariantsInUse { variantsInUseTotal variantsInUse { sku onHand holdsTotal } }`,
  optionRemove: '... on VariantsWouldCoincide { skus }',
  optionAdd: '... on OptionLimitExceeded { requested limit }',
};
const change = (name: string, input: object) =>
  catalog.ask(name, `${selection} ${more[name] ?? ''}`, input);

const price = { amount: '19.00', currencyCode: 'USD' };
let product: any;
let place: { productId: string; productVersion: number };
beforeEach(async () => {
  const made = await catalog.mutate('productCreate', {
    ...{ title: 'Tee', defaults: { price }, skuPattern: '{STYLE}-{OPTION1}-{OPTION2}' },
    options: [
      { name: 'Color', values: ['Red', 'Blue'] },
      { name: 'Size', values: ['S', 'M'] },
    ],
  });
  product = made.product;
  place = { productId: product.id, productVersion: 1 };
});

const titlesOf = (answer: any) => answer.product.variants.nodes.map((one: any) => one.title);

test('options that change places take the values of variants along, even where these are alike', async () => {
  await change('optionValueRename', { ...place, option: 'Size', value: 'S', name: 'Red' });
  const renamed = { ...place, productVersion: 2, option: 'Size', value: 'M', name: 'Blue' };
  await change('optionValueRename', renamed);
  const options = ['Size', 'Color'];
  const answer = await change('optionsReorder', { ...place, productVersion: 3, options });
  expect(answer.product.version).toBe(4);
  expect(titlesOf(answer)).toEqual(['Red / Red', 'Blue / Red', 'Red / Blue', 'Blue / Blue']);
  expect(answer.product.history.nodes).toEqual([
    {
      field: 'options',
      before:
        '[{"name": "Color", "values": ["Red", "Blue"]}, {"name": "Size", "values": ["Red", "Blue"]}]'.replaceAll(
          /(?<=[:,]) /g,
          '',
        ),
      after: '[{"name":"Size","values":["Red","Blue"]},{"name":"Color","values":["Red","Blue"]}]',
    },
  ]);
});

test('an option that is added gives its value to the variants, and goes again', async () => {
  const added = { ...place, name: 'Fit', values: ['Slim', 'Wide'] };
  expect(titlesOf(await change('optionAdd', added))[0]).toBe('Red / S / Slim');
  const removed = await change('optionRemove', { ...place, productVersion: 2, option: 'fit' });
  expect(titlesOf(removed)).toEqual(['Red / S', 'Red / M', 'Blue / S', 'Blue / M']);
});

test('a value goes with its variants, unless one has stock or is promised: then none goes', async () => {
  const [redS, redM] = product.variants.nodes;
  const uses = { onHand: 3, inTransit: 0, backorderLimit: 0, holdsTotal: 1, holds: [] };
  catalog.inventory.uses.set(redM.id, uses);
  const before = await factCounts(catalog.db);
  const input = { ...place, option: 'Color', value: 'Red' };
  expect(await change('optionValueRemove', input)).toMatchObject({
    ...{ __typename: 'VariantsInUse', variantsInUseTotal: 1 },
    variantsInUse: [{ sku: redM.sku, onHand: 3, holdsTotal: 1 }],
  });
  expect(await factCounts(catalog.db)).toEqual(before);
  catalog.inventory.uses.delete(redM.id);
  const answer = await change('optionValueRemove', input);
  expect(answer.product.options[0]).toEqual({ name: 'Color', values: ['Blue'] });
  expect(titlesOf(answer)).toEqual(['Blue / S', 'Blue / M']);
  const { variant } = (
    await catalog.graphql('query ($id: ID!) { variant(id: $id) { removedAt title } }', {
      id: redS.id,
    })
  ).data;
  expect(variant).toEqual({ removedAt: expect.any(String), title: 'Red / S' });
});

test('what cannot be is refused with the present state, and nothing is written', async () => {
  const before = await factCounts(catalog.db);
  const stale = { ...place, productVersion: 7, option: 'Color', name: 'Hue' };
  expect(await change('optionRename', stale)).toMatchObject({
    ...{
      __typename: 'VersionConflict',
      product: {
        version: 1,
        options: product.options.map((one: any) => ({ name: one.name, values: one.values })),
      },
    },
  });
  expect(await change('optionRemove', { ...place, option: 'Color' })).toMatchObject({
    ...{ __typename: 'VariantsWouldCoincide', code: 'VARIANTS_WOULD_COINCIDE' },
    // Those of one size stand together.
    skus: [0, 2, 1, 3].map((index) => product.variants.nodes[index].sku),
  });
  catalog.inventory.isDown = true;
  const away = change('optionValueRemove', { ...place, option: 'Color', value: 'Red' });
  await expect(away).rejects.toThrow('SUBGRAPH_UNAVAILABLE');
  catalog.inventory.isDown = false;
  const unknown = { ...place, option: 'Color', value: 'Pink' };
  expect(await change('optionValueRemove', unknown)).toMatchObject({ field: 'value' });
  expect(await factCounts(catalog.db)).toEqual(before);
});
