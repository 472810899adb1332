import { randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());

const usd = (amount: string) => ({ amount, currencyCode: 'USD' });
const names = (prefix: string, total: number) =>
  Array.from({ length: total }, (_, n) => `${prefix}${n + 1}`);

/** A shirt in colours × sizes, SKUs T-RED-S and the like behind a word of its own. */
async function shirt(colors = ['Red', 'Blue'], sizes = ['S', 'M']) {
  const word = randomUUID().slice(0, 6).toUpperCase();
  const options = [
    { name: 'Color', values: colors },
    { name: 'Size', values: sizes },
  ];
  const { product } = await catalog.mutate('productCreate', {
    ...{ title: `Shirt ${word}`, options, skuPattern: `${word}-{Color:4}-{Size:4}` },
    defaults: { price: usd('20.00'), cost: usd('8.00') },
  });
  const rows = await stored(product.id);
  return {
    word,
    productId: product.id as string,
    productVersion: 1,
    ids: rows.map(({ id }) => id),
  };
}

type Stored = { id: string; sku: string; barcode: string | null; price: number; position: number };
const stored = (productId: string) =>
  catalog.db.read(tenantA, (tx) =>
    tx.query<Stored>(
      `SELECT id, sku, barcode, price_minor AS price, position FROM variant
       WHERE product_id = $1 ORDER BY position`,
      [productId],
    ),
  );
const events = (productId: string) =>
  catalog.db.read(tenantA, (tx) =>
    tx.query<{ variants: { sku: string; price: { amountMinor: number } }[] }>(
      `SELECT data -> 'variants' AS variants FROM outbox WHERE aggregate_id = $1 ORDER BY position`,
      [productId],
    ),
  );
const update = (input: object, caller = {}) => catalog.mutate('variantsUpdate', input, caller);

describe('variantsUpdate', () => {
  it('shows what a bulk change would do, then does it at once, with one event', async () => {
    const { productId, productVersion, word } = await shirt();
    const rounding = { step: '1.00', ending: '0.99' };
    const where = { choices: [{ option: 'color', values: ['RED'] }] };
    const bulk = [
      { where, price: { percent: '-20', rounding }, compareAtPrice: { amount: '0', of: 'PRICE' } },
      { isActive: false, where: { choices: [{ option: 'Size', values: ['M'] }] } },
    ];
    const before = await factCounts(catalog.db);
    const dry = await update({ productId, productVersion, bulk, isDryRun: true });
    expect(await factCounts(catalog.db)).toEqual(before);
    expect(dry).toMatchObject({
      ...{ isDryRun: true, variantsChanged: 3, product: { version: 1 } },
      warnings: [{ code: 'COMPARE_AT_NOT_ABOVE_PRICE' }, { code: 'BARCODE_MISSING' }],
    });
    expect(dry.differences.nodes[1]).toEqual({
      id: expect.any(String),
      sku: `${word}-RED-M`,
      fields: [
        { field: 'price', before: '20.00', after: '15.99' },
        { field: 'compareAtPrice', before: null, after: '15.99' },
        { field: 'isActive', before: 'true', after: 'false' },
      ],
    });
    const done = await update({ productId, productVersion, bulk });
    expect(done).toMatchObject({ isDryRun: false, product: { version: 2 } });
    expect(done.differences).toEqual(dry.differences);
    const [, told, ...more] = await events(productId);
    expect([told!.variants.map(({ price }) => price.amountMinor), more]).toEqual([
      [1599, 1599, 2000, 2000],
      [],
    ]);
  });

  it('takes a pasted sheet, in which SKUs and codes change hands and rows change places', async () => {
    const { productId, productVersion, word } = await shirt();
    const first = `SKU\tBarcode\n${word}-RED-S\t4006381333931\n${word}-RED-M\t036000291452\n`;
    await update({ productId, productVersion, sheet: first });
    const sheet = [
      'SKU\tNew SKU\tBarcode\tPrice\tPosition',
      `${word.toLowerCase()}-red-s\t${word}-RED-M\t036000291452\t25.00\t`,
      `${word}-RED-M\t${word}-RED-S\t4006381333931\t\t4`,
    ].join('\n');
    const answer = await update({ productId, productVersion: 2, sheet });
    expect(answer).toMatchObject({ variantsChanged: 4 });
    expect(await stored(productId)).toMatchObject([
      { sku: `${word}-RED-M`, barcode: '036000291452', price: 2500, position: 1 },
      { sku: `${word}-BLU-S`, position: 2 },
      { sku: `${word}-BLU-M`, position: 3 },
      { sku: `${word}-RED-S`, barcode: '4006381333931', price: 2000, position: 4 },
    ]);
  });

  it('makes SKUs anew by a pattern, and gives pictures', async () => {
    const { productId, productVersion, word, ids } = await shirt();
    const bulk = [{ skuPattern: `${word}-{Size}`, imageUrl: 'https://x.test/a.jpg' }];
    const rows = [{ id: ids[3], imageUrl: null, weightGrams: 0, newSku: `${word}-X` }];
    await update({ productId, productVersion, bulk, rows });
    expect((await stored(productId)).map(({ sku }) => sku)).toEqual(
      ['S', 'M', 'S-2', 'X'].map((end) => `${word}-${end}`),
    );
    const pictures = await catalog.graphql(
      'query ($id: ID!) { product(id: $id) { variants { nodes { image { url } } } } }',
      { id: productId },
    );
    const picture = { image: { url: 'https://x.test/a.jpg' } };
    expect(pictures.data.product.variants.nodes).toEqual([
      ...[picture, picture, picture, { image: null }],
    ]);
  });

  it('names every row that cannot be done, and changes nothing', async () => {
    const { productId, productVersion, word, ids } = await shirt();
    const other = await shirt();
    const rows = [
      { id: ids[0], price: '19.999' },
      { sku: `${word}-RED-M`, barcode: '4006381333932' },
      { sku: 'NOBODY', price: '1.00' },
      { id: ids[2], newSku: 'a b' },
      { id: ids[2], price: '1.00' },
      { id: ids[3], price: '-1', position: 5 },
      { id: other.ids[0], price: '1.00' },
    ];
    const before = await factCounts(catalog.db);
    const answer = await update({ productId, productVersion, rows });
    expect(answer).toMatchObject({ code: 'VARIANT_ROWS_REFUSED', refusalsTotal: 8 });
    expect(answer.refusals.map(({ row, field }: any) => [row, field])).toEqual([
      ...[
        [1, 'price'],
        [2, 'barcode'],
        [3, 'sku'],
        [4, 'newSku'],
        [5, 'sku'],
      ],
      ...[
        [6, 'price'],
        [7, 'id'],
        [6, 'position'],
      ],
    ]);
    const [taken] = await stored(other.productId);
    const shared = { id: ids[0], newSku: `${word}-blu-m` };
    const foreign = { id: ids[1], newSku: taken!.sku.toLowerCase() };
    expect(await update({ productId, productVersion, rows: [shared] })).toMatchObject({
      refusals: [{ row: 1, field: 'sku' }],
    });
    expect(await update({ productId, productVersion, rows: [foreign] })).toMatchObject({
      refusals: [{ row: 1, field: 'sku', sku: `${word}-RED-M`, value: taken!.sku.toLowerCase() }],
    });
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it.each([
    ['nothing', {}, 'rows'],
    ['rows and a sheet', { rows: [], sheet: 'SKU' }, 'sheet'],
    ['2,049 rows', { rows: names('A', 2049).map((sku) => ({ sku })) }, 'rows'],
    ['an unknown column', { sheet: 'SKU,Colour\n' }, 'sheet'],
    ['a weight below zero', { bulk: [{ weightGrams: -1 }] }, 'bulk.0.weightGrams'],
    ['an address that runs', { bulk: [{ imageUrl: 'javascript:a()' }] }, 'bulk.0.imageUrl'],
    ['a pattern that means nothing', { bulk: [{ skuPattern: '{x}' }] }, 'bulk.0.skuPattern'],
    [
      'an unknown value',
      { bulk: [{ where: { choices: [{ option: 'Size', values: ['XS'] }] } }] },
      'bulk.0.where.choices.0',
    ],
    ['an unknown variant', { bulk: [{ where: { variantIds: ['x'] } }] }, 'bulk.0.where.variantIds'],
  ])('refuses %s', async (_, change, field) => {
    const { productId, productVersion } = await shirt(['Red'], ['S']);
    const answer = await update({ productId, productVersion, ...change });
    expect(answer).toMatchObject({ __typename: 'InvalidInput', field });
  });

  it('answers one key once, lets one of many editors through, and no other tenant', async () => {
    const { productId, productVersion, ids } = await shirt(['Red'], ['S', 'M']);
    const rows = (price: string) => [{ id: ids[0], price }];
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        update({ productId, productVersion, rows: rows(`${n}.00`) }),
      ),
    );
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'VariantsUpdateSuccess',
      ...Array<string>(5).fill('VersionConflict'),
    ]);
    const input = {
      idempotencyKey: randomUUID(),
      productId,
      productVersion: 2,
      rows: rows('7.00'),
    };
    const first = await update(input);
    expect(await update(input)).toEqual(first);
    const foreign = await update(
      { productId, productVersion: 3, rows: rows('8.00') },
      { tenantId: tenantB },
    );
    expect(foreign).toMatchObject({ kind: 'Product' });
    expect((await stored(productId))[0]!.price).toBe(700);
  });

  it('changes 2,048 variants with one event', async () => {
    const made = await shirt(names('C', 64), names('S', 32));
    const sheet = [
      'SKU,Price,Weight (g)',
      ...(await stored(made.productId)).map(({ sku }) => `${sku},31.00,5`),
    ];
    const answer = await update({
      ...made,
      word: undefined,
      ids: undefined,
      sheet: sheet.join('\n'),
    });
    expect(answer).toMatchObject({ variantsChanged: 2048, product: { version: 2 } });
    const [, told] = await events(made.productId);
    expect(told!.variants.filter(({ price }) => price.amountMinor === 3100)).toHaveLength(2048);
  });
});
