import { randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterEach(() => {
  catalog.inventory.isDown = false;
});
afterAll(() => catalog.stop());

const usd = (amount: string) => ({ amount, currencyCode: 'USD' });
const picture = (name: string) => `https://x.test/${name}.jpg`;

/** Colour × size with every fact that a product and a variant can have; a picture of each colour and one of all. */
async function shirt(more: object = {}) {
  const word = randomUUID().slice(0, 8).toUpperCase();
  const { product } = await catalog.mutate('productCreate', {
    ...{ title: `Shirt ${word}`, status: 'ACTIVE', vendor: 'Nexus', category: 'Tops > Tees' },
    ...{ productType: 'Shirt', tags: ['new'], isUnlisted: true, styleNumber: 'N-1' },
    ...{ seoTitle: 'Shirts', seoDescription: 'Soft.', descriptionHtml: '<p>Soft</p>' },
    metadata: [{ key: 'fabric', value: 'cotton' }],
    media: ['all', 'Red', 'Blue'].map((name) => ({ url: picture(name) })),
    options: [
      { name: 'Color', values: ['Red', 'Blue'] },
      { name: 'Size', values: ['S', 'M'] },
    ],
    variants: ['Red', 'Blue'].flatMap((color) =>
      ['S', 'M'].map((size) => ({
        ...{ optionValues: [color, size], sku: `${word}-${color}-${size}`, price: usd('20.00') },
        ...{ imageUrl: picture(color), cost: usd('8.00'), weightGrams: 200, isTaxable: false },
      })),
    ),
    ...more,
  });
  return { word, productId: product.id as string, productVersion: product.version as number };
}

const split = (input: object, caller = {}) => catalog.mutate('productSplit', input, caller);
const rows = <Row = any>(text: string, values: unknown[] = []) =>
  catalog.db.read(tenantA, (tx) => tx.query<Row>(text, values));

/** The variants' rows without what a move changes: what is left must stay as it was, columns to come included. */
const variantRows = () =>
  rows(
    `SELECT to_jsonb(v) - ARRAY['product_id', 'option_values', 'title', 'position', 'media_id', 'updated_at'] AS kept
     FROM variant v ORDER BY id`,
  );
const productRows = (ids: string[]) =>
  rows(
    `SELECT to_jsonb(p) - ARRAY['id', 'handle', 'title', 'seo_title', 'seo_description', 'created_at', 'updated_at'] AS kept
     FROM product p WHERE id = ANY ($1) ORDER BY id`,
    [ids],
  );

describe('productSplit', () => {
  it('makes siblings of one group, in which variants keep what they are, and tells of all', async () => {
    const { word, ...product } = await shirt();
    await catalog.mutate('variantBarcodesGenerate', product);
    const before = await variantRows();
    const { siblings, isDryRun } = await split({ ...product, productVersion: 2, option: 'color' });
    expect(isDryRun).toBe(false);
    const [red, blue] = siblings;
    const handle = `shirt-${word.toLowerCase()}`;
    expect(red).toMatchObject({
      ...{ title: `Shirt ${word} - Red`, handle, values: ['Red'], variantsTotal: 2 },
      product: { id: product.productId, handle, version: 3 },
    });
    expect(blue).toMatchObject({
      ...{ title: `Shirt ${word} - Blue`, handle: `${handle}-blue`, values: ['Blue'] },
      ...{ seoTitle: 'Shirts - Blue', seoDescription: 'Soft. (Blue)', variantsTotal: 2 },
      options: [{ position: 1, name: 'Size', values: ['S', 'M'] }],
      product: {
        handle: `${handle}-blue`,
        version: 3,
        media: [{ url: picture('all') }, { url: picture('Blue') }],
      },
    });
    expect(
      blue.product.variants.nodes.map(({ sku, title, position }: any) => [sku, title, position]),
    ).toEqual([
      [`${word}-Blue-S`, 'S', 1],
      [`${word}-Blue-M`, 'M', 2],
    ]);
    expect(red.product.media.map(({ url }: any) => url)).toEqual([picture('all'), picture('Red')]);
    expect(await variantRows()).toEqual(before);
    const [one, other] = await productRows([red.product.id, blue.product.id]);
    expect(other).toEqual(one);
  });

  it('tells of the siblings first, each with its variants, and writes the history', async () => {
    const { word, ...product } = await shirt();
    const { siblings } = await split({ ...product, option: 'Color' });
    const ids = siblings.map((sibling: any) => sibling.product.id);
    const told = await rows(
      `SELECT aggregate_id AS id, sequence::integer, jsonb_array_length(data::jsonb -> 'variants') AS variants,
         data ->> 'productGroupId' AS "groupId"
       FROM outbox WHERE aggregate_id = ANY ($1) AND sequence > 1 ORDER BY position`,
      [ids],
    );
    const { groupId } = told[0];
    expect(told).toEqual([
      { id: ids[1], sequence: 2, variants: 2, groupId },
      { id: ids[0], sequence: 2, variants: 2, groupId },
    ]);
    const shown = await catalog.graphql(
      `query ($id: ID!) { product(id: $id) { productGroup { name } siblings { nodes { id } }
         history { nodes { field before after variant { sku } } }
         variants { nodes { image { url } } } } }`,
      { id: ids[1] },
    );
    const { history, ...facts } = shown.data.product;
    expect(facts).toEqual({
      productGroup: { name: `Shirt ${word}` },
      siblings: { nodes: [{ id: ids[0] }] },
      variants: { nodes: Array(2).fill({ image: { url: picture('Blue') } }) },
    });
    expect(history.nodes).toHaveLength(2);
    expect(history.nodes).toContainEqual({
      ...{ field: 'product', before: `Shirt ${word}`, after: `Shirt ${word} - Blue` },
      variant: { sku: `${word}-Blue-S` },
    });
    const seen = await catalog.graphql(
      'query ($id: ID!) { product(id: $id) { siblings { nodes { id } } } }',
      { id: ids[1] },
      { scopes: ['shop:read'] },
    );
    expect(seen.data.product.siblings.nodes).toEqual([]);
  });

  it('shows in a dry run what it would make of a draft, and makes nothing', async () => {
    const { word, ...product } = await shirt({ status: 'DRAFT' });
    const before = await factCounts(catalog.db);
    const groups = [
      { values: ['M'], title: 'Medium' },
      { values: ['S'], handle: `Small ${word}` },
    ];
    const how = { ...product, option: 'size', groups, isDryRun: true };
    const small = `small-${word.toLowerCase()}`;
    expect(await split(how)).toMatchObject({
      isDryRun: true,
      siblings: [
        { title: 'Medium', product: { version: 1 } },
        { handle: small, product: null, variantsTotal: 2, seoTitle: 'Shirts - S' },
      ],
    });
    const limited = { ...product, variantsMax: 2, isDryRun: true };
    expect((await split(limited)).siblings.map(({ values }: any) => values)).toEqual([
      ...[['Red'], ['Blue']],
    ]);
    expect(await factCounts(catalog.db)).toEqual(before);
    const { siblings } = await split({ ...how, isDryRun: false });
    expect(siblings[1]).toMatchObject({ handle: small, product: { status: 'DRAFT' } });
  });

  it('is done once by one of many at once, and a sale goes on where a variant went', async () => {
    const { word, ...product } = await shirt();
    const sale = {
      ...{ name: 'Sale', timeZone: 'UTC', startsAtLocal: '2099-01-01T00:00' },
      entries: [{ sku: `${word}-Blue-S`, price: '9.00' }],
    };
    await catalog.mutate('priceListCreate', sale);
    const input = { ...product, option: 'Color', idempotencyKey: randomUUID() };
    const others = Array.from({ length: 3 }, () => ({ ...input, idempotencyKey: randomUUID() }));
    const answers = await Promise.all([input, ...others].map((one) => split(one)));
    const names = answers.map(({ __typename }) => __typename).sort();
    expect(names).toEqual(['ProductSplitSuccess', ...Array<string>(3).fill('VersionConflict')]);
    const first = answers[0];
    expect(await split(input)).toEqual(first);
    const [, blue] = answers.find((answer) => answer.siblings).siblings;
    expect(
      await rows('SELECT is_applied FROM price_list_product WHERE product_id = $1', [
        blue.product.id,
      ]),
    ).toEqual([{ is_applied: false }]);
  });

  it('refuses what is not there, is newer, on its way or taken, and writes nothing', async () => {
    const { word: _, ...product } = await shirt();
    const { word: other } = await shirt();
    catalog.inventory.isDown = true;
    const { word: __, ...waiting } = await shirt();
    catalog.inventory.isDown = false;
    const before = await factCounts(catalog.db);
    const handle = `shirt-${other.toLowerCase()}`;
    const option = 'Color';
    const groups = [{ values: ['Red'] }, { values: ['Blue'], handle }];
    const own = [{ values: ['Red'], handle: 'mine' }, { values: ['Blue'] }];
    const refused = async (input: object, caller = {}) =>
      split({ ...product, option, ...input }, caller);
    expect(await refused({ groups })).toMatchObject({ code: 'HANDLE_TAKEN', handle });
    expect(await refused({ groups: own })).toMatchObject({ field: 'groups.0.handle' });
    expect(await refused({ option: 'Metal' })).toMatchObject({ field: 'option', value: 'Metal' });
    expect(await refused({ productVersion: 7 })).toMatchObject({
      ...{ code: 'VERSION_CONFLICT', product: { version: 1 } },
    });
    const idempotencyKey = randomUUID();
    expect(await refused({ ...waiting, idempotencyKey })).toMatchObject({
      ...{ code: 'OPENING_STOCK_PENDING', product: { id: waiting.productId } },
    });
    const foreign = await refused({}, { tenantId: tenantB });
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', kind: 'Product' });
    expect(await factCounts(catalog.db)).toEqual(before);
    // Not kept under its key: what is on its way arrives.
    await catalog.db.inTransaction(tenantA, (tx) =>
      tx.query(
        "UPDATE stock_command SET status = 'DELIVERED', settled_at = now() WHERE product_id = $1",
        [waiting.productId],
      ),
    );
    const { siblings } = await refused({ ...waiting, idempotencyKey });
    expect(siblings).toHaveLength(2);
  });
});
