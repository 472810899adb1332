import { randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const usd = (amount: string) => ({ amount, currencyCode: 'USD' });
const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8).toUpperCase()}`;

/** A ring in one variant, as a shop has it. */
async function ring(change: object = {}) {
  const answer = await catalog.mutate('productCreate', {
    title: 'Gold ring',
    variants: [{ sku: unique('RING'), price: usd('100.00'), cost: usd('40.00'), ...change }],
  });
  const { id: productId, version } = answer.product;
  const [{ id, sku }] = answer.product.variants.nodes;
  return { productId, productVersion: version as number, id: id as string, sku: sku as string };
}

const lastEvent = (productId: string) =>
  catalog.db.read(tenantA, async (tx) => {
    const rows = await tx.query<{ sequence: number; variants: any[]; media: any[] }>(
      `SELECT sequence::integer, data -> 'variants' AS variants, data -> 'media' AS media FROM outbox
       WHERE aggregate_id = $1 ORDER BY position DESC LIMIT 1`,
      [productId],
    );
    return rows[0]!;
  });

describe('variantUpdate', () => {
  beforeAll(() => ring({ sku: 'TAKEN-1', barcode: '012345678905' }));

  it('changes what is given, leaves what is left out, empties what is null, and publishes the whole', async () => {
    const { id, productId, productVersion } = await ring({ barcode: '4006381333931' });
    const sku = unique('New');
    const answer = await catalog.mutate('variantUpdate', {
      ...{ id, productVersion, sku, isActive: false, isTaxable: false, weightGrams: 12 },
      ...{ weightUnit: 'OUNCE', taxCode: ' P0000000 ' },
      ...{ price: usd('120.50'), compareAtPrice: usd('150.00'), cost: null },
      ...{ barcode: '036000291452', imageUrl: 'https://x.test/ring.jpg' },
    });
    expect(answer).toEqual({
      __typename: 'VariantUpdateSuccess',
      warnings: [],
      variant: {
        ...{ id, sku, barcode: '036000291452', stockCode: null, isActive: false },
        ...{ isTaxable: false, requiresShipping: true, weightGrams: 12, cost: null },
        ...{ weightUnit: 'OUNCE', taxCode: 'P0000000' },
        ...{ price: usd('120.50'), compareAtPrice: usd('150.00') },
        image: { url: 'https://x.test/ring.jpg' },
        product: { version: 2 },
      },
    });
    const { sequence, variants, media } = await lastEvent(productId);
    expect([sequence, media]).toEqual([2, [{ url: 'https://x.test/ring.jpg', position: 1 }]]);
    expect(variants).toMatchObject([
      {
        ...{ variantId: id, sku, barcode: '036000291452', isActive: false, weightGrams: 12 },
        ...{ weightUnit: 'OUNCE', taxCode: 'P0000000' },
        price: { amountMinor: 12050, currencyCode: 'USD' },
      },
    ]);
    expect(variants[0]).not.toHaveProperty('cost');
  });

  it('answers one key once, and an editor who saw another version with the product as it is', async () => {
    const { id, productVersion } = await ring();
    const input = { id, productVersion, idempotencyKey: randomUUID(), price: usd('1.00') };
    const first = await catalog.mutate('variantUpdate', input);
    expect(await catalog.mutate('variantUpdate', input)).toEqual(first);
    const before = await factCounts(catalog.db);
    const second = await catalog.mutate('variantUpdate', {
      id,
      productVersion,
      price: usd('2.00'),
    });
    expect(second).toMatchObject({
      ...{ __typename: 'VersionConflict', code: 'VERSION_CONFLICT', versionGiven: 1 },
      product: { version: 2, variants: { nodes: [{ price: usd('1.00') }] } },
    });
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('lets one of many editors at once through, and none of the others', async () => {
    const { id, productId, productVersion } = await ring();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        catalog.mutate('variantUpdate', { id, productVersion, price: usd(`${n}.00`) }),
      ),
    );
    const names = answers.map(({ __typename }) => __typename).sort();
    expect(names).toEqual(['VariantUpdateSuccess', ...Array<string>(7).fill('VersionConflict')]);
    expect((await lastEvent(productId)).sequence).toBe(2);
  });

  it.each([
    ['a SKU of another, in any case', { sku: 'taken-1' }, { code: 'SKU_TAKEN' }],
    ['a GTIN of another, in another form', { barcode: '0012345678905' }, { code: 'BARCODE_TAKEN' }],
    ['a wrong check digit', { barcode: '036000291453' }, { field: 'barcode' }],
    ['a GTIN as stock code', { stockCode: '036000291452' }, { field: 'stockCode' }],
    ['both codes', { barcode: '036000291452', stockCode: 'A' }, { field: 'stockCode' }],
    ['a SKU with a blank in it', { sku: 'A B' }, { field: 'sku' }],
    ['a price below zero', { price: usd('-1.00') }, { field: 'price' }],
    ['a price with too many decimals', { price: usd('19.999') }, { field: 'price' }],
    [
      'another currency beside one that stays',
      { price: { amount: '1.00', currencyCode: 'EUR' } },
      { field: 'cost' },
    ],
    ['a tax code with a blank in it', { taxCode: 'P 1' }, { field: 'taxCode' }],
    ['a weight below zero', { weightGrams: -1 }, { field: 'weightGrams' }],
    ['an address that would run', { imageUrl: 'javascript:a()' }, { field: 'imageUrl' }],
  ])('refuses %s, and writes nothing', async (_, change, refusal) => {
    const { id, productVersion } = await ring();
    const before = await factCounts(catalog.db);
    const answer = await catalog.mutate('variantUpdate', { id, productVersion, ...change });
    expect(answer).toMatchObject(refusal);
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('takes its own SKU in another case and its own GTIN in another form', async () => {
    const { id, productVersion, sku } = await ring({ barcode: '4012345678901' });
    const change = { sku: sku.toLowerCase(), barcode: '04012345678901' };
    const answer = await catalog.mutate('variantUpdate', { id, productVersion, ...change });
    expect(answer.variant).toMatchObject(change);
  });

  it('warns of a former price that is not above the price, and of none', async () => {
    const { id, productVersion } = await ring();
    const lower = await catalog.mutate('variantUpdate', {
      ...{ id, productVersion, compareAtPrice: usd('100.00') },
    });
    expect(lower.warnings).toMatchObject([{ code: 'COMPARE_AT_NOT_ABOVE_PRICE' }]);
    const none = await catalog.mutate('variantUpdate', { id, productVersion: 2, price: null });
    expect(none.warnings).toMatchObject([{ code: 'PRICE_MISSING' }]);
  });

  it('knows no variant of another tenant, and no id that is none', async () => {
    const { id, productVersion } = await ring();
    const notFound = { __typename: 'NotFound', kind: 'Variant' };
    const input = { id, productVersion, isActive: false };
    expect(await catalog.mutate('variantUpdate', input, { tenantId: tenantB })).toMatchObject(
      notFound,
    );
    expect(await catalog.mutate('variantUpdate', { ...input, id: 'x' })).toMatchObject(notFound);
  });
});

describe('variantsAdd', () => {
  /** A T-shirt in Red and Blue, S only. */
  async function tee() {
    const answer = await catalog.mutate('productCreate', {
      title: 'Tee',
      vendor: 'Nexus',
      options: [
        { name: 'Color', values: ['Red', 'Blue'] },
        { name: 'Size', values: ['S'] },
      ],
      defaults: { price: usd('19.00') },
    });
    const { id: productId, version: productVersion } = answer.product;
    return { productId, productVersion, handle: answer.product.handle as string };
  }

  it('adds variants with their stock behind the others, and joins new option values', async () => {
    const { productId, productVersion } = await tee();
    const openingStock = [{ locationCode: 'HQ', quantity: 3 }];
    const answer = await catalog.mutate('variantsAdd', {
      ...{ productId, productVersion, skuPattern: `${unique('T')}-{OPTION1}-{OPTION2}` },
      variants: [
        { optionValues: ['red', 'M'], price: usd('21.00'), openingStock },
        { optionValues: ['Green', 'S'], price: usd('21.00') },
      ],
    });
    expect(answer).toMatchObject({
      ...{ __typename: 'VariantsAddSuccess', variantsAdded: 2, inventoryTotal: 3 },
      ...{ inventoryPending: false, warnings: [] },
      product: {
        version: 2,
        options: [{ values: ['Red', 'Blue', 'Green'] }, { values: ['S', 'M'] }],
        variantsTotal: 4,
      },
    });
    const nodes = answer.product.variants.nodes as {
      title: string;
      position: number;
      sku: string;
    }[];
    expect(nodes.map(({ title, position }) => [title, position])).toEqual([
      ['Red / S', 1],
      ['Blue / S', 2],
      ['Red / M', 3],
      ['Green / S', 4],
    ]);
    expect(catalog.inventory.unitsOf(nodes[2]!.sku)).toBe(3);
    const { sequence, variants } = await lastEvent(productId);
    expect([sequence, variants.length]).toEqual([2, 4]);
  });

  it('adds once per key, and pending where inventory is away', async () => {
    const { productId, productVersion } = await tee();
    const openingStock = [{ locationCode: 'HQ', quantity: 3 }];
    const input = {
      ...{ productId, productVersion, idempotencyKey: randomUUID() },
      variants: [{ sku: unique('TEE'), optionValues: ['Red', 'L'], openingStock }],
    };
    catalog.inventory.isDown = true;
    const first = await catalog.mutate('variantsAdd', input);
    expect(first).toMatchObject({ variantsAdded: 1, inventoryTotal: 0, inventoryPending: true });
    catalog.inventory.isDown = false;
    const second = await catalog.mutate('variantsAdd', input);
    expect(second).toMatchObject({ variantsAdded: 1, inventoryTotal: 3, inventoryPending: false });
    expect(second.product.variantsTotal).toBe(3);
    expect(catalog.inventory.unitsOf(input.variants[0]!.sku)).toBe(3);
  });

  it.each([
    ['a combination that is there', [{ optionValues: ['RED', 's'] }], { value: 'Red / S' }],
    ['a value too few', [{ optionValues: ['Red'] }], { field: 'variants.0.optionValues' }],
    ['nothing', [], { field: 'variants' }],
    ['a taken SKU', [{ sku: 'taken-1', optionValues: ['Red', 'M'] }], { code: 'SKU_TAKEN' }],
    [
      'an unknown location',
      [{ optionValues: ['Red', 'M'], openingStock: [{ locationCode: 'XX', quantity: 1 }] }],
      { __typename: 'NotFound', kind: 'Location', id: 'XX' },
    ],
    [
      'more than a product can have',
      Array.from({ length: 2_047 }, (_, n) => ({ optionValues: ['Red', `${n}`] })),
      { requested: 2_049, limit: 2_048 },
    ],
  ])('refuses %s, and writes nothing', async (_, variants, refusal) => {
    const { productId, productVersion } = await tee();
    const before = await factCounts(catalog.db);
    const input = { productId, productVersion, variants };
    expect(await catalog.mutate('variantsAdd', input)).toMatchObject(refusal);
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('keeps a refusal under its key, also when it would be granted by now', async () => {
    const { productId, productVersion } = await tee();
    const openingStock = [{ locationCode: 'NEW', quantity: 1 }];
    const variants = [{ optionValues: ['Red', 'L'], openingStock }];
    const input = { productId, productVersion, variants };
    const kept = { ...input, idempotencyKey: randomUUID() };
    const refusal = await catalog.mutate('variantsAdd', kept);
    expect(refusal).toMatchObject({ __typename: 'NotFound', kind: 'Location', id: 'NEW' });
    catalog.inventory.locations.add('NEW');
    expect(await catalog.mutate('variantsAdd', kept)).toEqual(refusal);
    expect(await catalog.mutate('variantsAdd', input)).toMatchObject({ variantsAdded: 1 });
  });

  it('refuses another version, and a product of another tenant', async () => {
    const { productId } = await tee();
    const variants = [{ optionValues: ['Red', 'M'] }];
    const input = { productId, productVersion: 7, variants };
    expect(await catalog.mutate('variantsAdd', input)).toMatchObject({
      ...{ code: 'VERSION_CONFLICT', versionGiven: 7, product: { version: 1 } },
    });
    expect(await catalog.mutate('variantsAdd', input, { tenantId: tenantB })).toMatchObject({
      ...{ __typename: 'NotFound', kind: 'Product' },
    });
  });
});
