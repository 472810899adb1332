import { randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';
import { barcodeProblem } from './barcode.ts';
import { internalBarcode } from './internal-barcode.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const usd = (amount: string) => ({ amount, currencyCode: 'USD' });
const sizes = (total: number) => ({
  name: 'Size',
  values: Array.from({ length: total }, (_, n) => `${n + 1} cm`),
});

async function preview(input: object, caller = {}) {
  const { data, errors } = await catalog.graphql(
    `query ($input: VariantPreviewInput!) { variantPreview(input: $input) { __typename
       ... on UserError { code message } ... on InvalidInput { field value } ... on NotFound { kind }
       ... on OptionLimitExceeded { requested } ... on VariantLimitExceeded { requested limit
         splitPlan { productsTotal products { choices { option values } variantsTotal } } }
       ... on VariantPreview { variantsTotal presentTotal collisionsTotal warnings { code message }
         rows(first: 4) { nodes { position title fullTitle sku collision skuProposed }
           pageInfo { hasNextPage endCursor } } } } }`,
    { input },
    caller,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.variantPreview;
}

describe('variantPreview', () => {
  const rings = {
    ...{ title: 'Galaxy V-Neck', vendor: 'Nexus', skuPattern: '{BRAND}{STYLE}-{Color}-{Size}' },
    options: [
      { name: 'Color', values: ['Red', 'Größe Rot', 'Grün'] },
      { name: 'Size', values: ['Small', 'Extra Large'] },
    ],
  };

  it('shows every variant with a free SKU and whose each taken one is, and writes nothing', async () => {
    await catalog.mutate('productCreate', {
      title: 'Older',
      variants: [{ sku: 'nexgalvne-RED-s', price: usd('1.00') }],
    });
    const before = await factCounts(catalog.db);
    const shown = await preview(rings);
    expect(shown).toEqual({
      ...{ __typename: 'VariantPreview', variantsTotal: 6, presentTotal: 0, warnings: [] },
      collisionsTotal: 1,
      rows: {
        nodes: [
          ['Red / Small', 'NEXGALVNE-RED-S', 'EXISTING', 'NEXGALVNE-RED-S-2'],
          ['Red / Extra Large', 'NEXGALVNE-RED-XL', null, 'NEXGALVNE-RED-XL'],
          ['Größe Rot / Small', 'NEXGALVNE-GRO-S', null, 'NEXGALVNE-GRO-S'],
          ['Größe Rot / Extra Large', 'NEXGALVNE-GRO-XL', null, 'NEXGALVNE-GRO-XL'],
        ].map(([title, sku, collision, skuProposed], index) => ({
          ...{ position: index + 1, title, fullTitle: `Galaxy V-Neck - ${title}` },
          ...{ sku, collision, skuProposed },
        })),
        pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
      },
    });
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('is what productCreate makes, and of a product that is there shows what would be added', async () => {
    const { skuPattern, ...rest } = { ...rings, title: 'Preview kept' };
    const shown = await preview(rest);
    const { product } = await catalog.mutate('productCreate', rest);
    const made = product.variants.nodes.slice(0, 4).map(({ sku }: { sku: string }) => sku);
    expect(shown.rows.nodes.map((row: any) => row.skuProposed)).toEqual(made);
    const options = [
      rings.options[0]!,
      { name: 'Size', values: ['Small', 'Large', 'Extra Large'] },
    ];
    const added = await preview({ productId: product.id, options, skuPattern });
    expect(added).toMatchObject({
      ...{ variantsTotal: 3, presentTotal: 6 },
      rows: { nodes: [{ position: 7, title: 'Red / Large', sku: 'NEXPREKEP-RED-L' }, {}, {}] },
    });
  });

  it('takes a chosen subset, with SKUs chosen by hand', async () => {
    const variants = [
      { optionValues: ['red', 'Small'], sku: 'Hand-1' },
      { optionValues: ['Grün', 'Small'], sku: 'HAND-1' },
    ];
    expect((await preview({ ...rings, variants })).rows.nodes).toMatchObject([
      { sku: 'Hand-1', collision: null, title: 'Red / Small' },
      { sku: 'HAND-1', collision: 'IN_BATCH', skuProposed: 'HAND-1-2' },
    ]);
  });

  it('warns above 100 variants, and above 2,048 refuses with a plan to split', async () => {
    const many = await preview({ options: [sizes(101)], skuPattern: 'X-{Size}' });
    expect(many.warnings).toMatchObject([{ code: 'MANY_VARIANTS' }]);
    const colors = { name: 'Color', values: ['Red', 'Blue', 'Green'] };
    expect(await preview({ options: [colors, sizes(683)] })).toMatchObject({
      ...{ code: 'VARIANT_LIMIT_EXCEEDED', requested: 2049, limit: 2048 },
      splitPlan: {
        productsTotal: 2,
        products: [{ choices: [{ option: 'Color', values: ['Red'] }], variantsTotal: 683 }, {}],
      },
    });
  });

  it.each([
    [
      'a placeholder that is none',
      { skuPattern: 'A-{Colr}' },
      'skuPattern',
      '{Colr} at position 3',
    ],
    [
      'option values twice by case',
      { options: [{ name: 'C', values: ['a', 'A'] }] },
      'options.0.values',
      'twice',
    ],
    [
      'an option without values',
      { options: [{ name: 'C', values: [] }] },
      'options.0.values',
      'no values',
    ],
    [
      'a combination that is none',
      { variants: [{ optionValues: ['Red'] }] },
      'variants.0.optionValues',
      '2 options',
    ],
    [
      'a SKU with a blank',
      { variants: [{ optionValues: ['Red', 'Small'], sku: 'a b' }] },
      'variants.0.sku',
      'blank',
    ],
  ])('refuses %s', async (_, change, field, text) => {
    expect(await preview({ ...rings, ...change })).toMatchObject({
      ...{ __typename: 'InvalidInput', field },
      message: expect.stringContaining(text),
    });
  });

  it("knows no product of another tenant, nor another tenant's SKUs", async () => {
    const { product } = await catalog.mutate('productCreate', { title: 'Mine' });
    const other = { tenantId: tenantB };
    expect(await preview({ productId: product.id }, other)).toMatchObject({ kind: 'Product' });
    expect(await preview(rings, other)).toMatchObject({ collisionsTotal: 0 });
  });
});

describe('abbreviations of the tenant', () => {
  it('go before the standard ones, in SKUs that are made from then on, until they are taken back', async () => {
    const set = await catalog.mutate('skuAbbreviationsSet', {
      abbreviations: [
        { value: ' Rose  Gold ', abbreviation: 'rg' },
        { value: 'RED', abbreviation: 'R1' },
      ],
    });
    expect(set.abbreviations).toMatchObject([{ abbreviation: 'RG' }, { abbreviation: 'R1' }]);
    const options = [{ name: 'Metal', values: ['rose gold', 'Red'] }];
    const skus = async () =>
      (await preview({ options, skuPattern: 'N-{metal}' })).rows.nodes.map((row: any) => row.sku);
    expect(await skus()).toEqual(['N-RG', 'N-R1']);
    const listed = await catalog.graphql(
      '{ skuAbbreviations { nodes { value abbreviation } } skuAbbreviationsStandard { value } }',
    );
    expect(listed.data.skuAbbreviations.nodes).toMatchObject([{ value: 'RED' }, {}]);
    expect(listed.data.skuAbbreviationsStandard).toHaveLength(15);
    const back = await catalog.mutate('skuAbbreviationsSet', {
      abbreviations: [{ value: 'red' }, { value: 'Rose Gold', abbreviation: null }],
    });
    expect([back.removed, await skus()]).toEqual([2, ['N-ROS', 'N-RED']]);
  });

  it.each([
    ['a blank value', [{ value: ' ', abbreviation: 'A' }], 'abbreviations.0.value'],
    ['a value twice', [{ value: 'A' }, { value: 'a' }], 'abbreviations.1.value'],
    ['an emoji', [{ value: 'A', abbreviation: '💍' }], 'abbreviations.0.abbreviation'],
    ['nothing', [], 'abbreviations'],
  ])('are refused with %s', async (_, abbreviations, field) => {
    const answer = await catalog.mutate('skuAbbreviationsSet', { abbreviations });
    expect(answer).toMatchObject({ __typename: 'InvalidInput', field });
  });
});

describe('variantBarcodesGenerate', () => {
  const shirt = async (total: number) =>
    (await catalog.mutate('productCreate', { title: 'Shirt', options: [sizes(total)] })).product;
  const barcodes = async () => {
    const rows = await catalog.db.read(tenantA, (tx) =>
      tx.query<{ barcode: string }>(`SELECT barcode FROM variant WHERE barcode LIKE '20%'`),
    );
    return rows.map(({ barcode }) => barcode);
  };

  it('gives every variant of eight products at once a barcode of its own, passing over what is taken', async () => {
    await catalog.mutate('productCreate', {
      title: 'Typed by hand',
      variants: [{ barcode: internalBarcode(3), price: usd('1.00') }],
    });
    const products = await Promise.all(Array.from({ length: 8 }, () => shirt(5)));
    const answers = await Promise.all(
      products.map(({ id: productId, version: productVersion }) =>
        catalog.mutate('variantBarcodesGenerate', { productId, productVersion }),
      ),
    );
    expect(answers.map(({ barcodesGenerated }) => barcodesGenerated)).toEqual(Array(8).fill(5));
    const all = await barcodes();
    expect([all.length, new Set(all).size, all.filter(barcodeProblem)]).toEqual([41, 41, []]);
  });

  it('gives named ones only, once per key, and nothing to who saw another version', async () => {
    const { id: productId, version: productVersion, variants } = await shirt(3);
    const [first, second] = variants.nodes;
    const input = { idempotencyKey: randomUUID(), productId, productVersion };
    const named = { ...input, variantIds: [second.id] };
    const answer = await catalog.mutate('variantBarcodesGenerate', named);
    expect(answer.product.variants.nodes.map((one: any) => one.barcode)).toEqual([
      ...[null, expect.stringMatching(/^20/), null],
    ]);
    expect(await catalog.mutate('variantBarcodesGenerate', named)).toEqual(answer);
    const before = await factCounts(catalog.db);
    const again = (change: object) =>
      catalog.mutate('variantBarcodesGenerate', { productId, productVersion: 2, ...change });
    expect(await again({ productVersion: 1 })).toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await again({ variantIds: [first.id, second.id] })).toMatchObject({
      field: 'variantIds.1',
    });
    expect(await again({ variantIds: [randomUUID()] })).toMatchObject({ kind: 'Variant' });
    expect(await again({ variantIds: ['x'] })).toMatchObject({ kind: 'Variant' });
    expect(await again({ productId: 'x' })).toMatchObject({ kind: 'Product' });
    expect(await factCounts(catalog.db)).toEqual(before);
  });
});
