import { randomUUID } from 'node:crypto';
import { factCounts, startCatalog, tenantA, tenantB, type Catalog } from '../../test/catalog.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());
beforeEach(() => {
  catalog.inventory.isDown = false;
});

const price = { amount: '4200.00', currencyCode: 'USD' };
const review = 'review { isReady items { check severity message variants { sku } } }';
const errors = `__typename ... on UserError { code message } ... on NotFound { kind }
  ... on InvalidInput { field }`;
const conflict = '... on VersionConflict { product { version } }';
const product = 'product { id version handle title status deletedAt isListedOnWebsite }';
const selections: Record<string, string> = {
  productPublish: `${conflict} ... on ProductNotReady { ${review} } ... on ProductPublishSuccess { ${product} ${review} }`,
  productDelete: `${conflict} ... on VariantsInUse { variantsInUse { sku onHand } } ... on ProductDeleteSuccess { ${product} }`,
  productRestore: `... on ProductRestoreSuccess { ${product} }`,
  productDuplicate: `... on ProductCreateSuccess { inventoryTotal product { title handle status
    media { url } category { path } variants { nodes { sku barcode price { amount } tracking } } } }`,
  variantsReorder: `${conflict} ... on VariantsReorderSuccess { product { variants { nodes { sku position } } } }`,
};
const change = (name: string, input: object, tenantId = tenantA) =>
  catalog.ask(name, `${errors} ${selections[name]}`, input, { tenantId });

async function created(input: object = {}) {
  const answer = await catalog.mutate('productCreate', {
    ...{ title: `Brooch ${randomUUID()}`, defaults: { price } },
    ...input,
  });
  expect(answer.__typename).toBe('ProductCreateSuccess');
  return answer.product;
}

const itemOf = (answer: any, check: string) =>
  answer.review.items.find((one: any) => one.check === check);

describe('publishing', () => {
  test('is refused while a variant has no price, names it, and goes through once all is there', async () => {
    const { id, variants } = await created({ defaults: {} });
    const [{ id: variantId, sku }] = variants.nodes;
    const refused = await change('productPublish', { id, version: 1, status: 'ACTIVE' });
    expect(refused).toMatchObject({ __typename: 'ProductNotReady', review: { isReady: false } });
    expect(itemOf(refused, 'PRICES')).toMatchObject({ severity: 'ERROR', variants: [{ sku }] });
    await catalog.mutate('variantUpdate', { id: variantId, productVersion: 1, price });
    const wanted = { id, version: 2, status: 'ACTIVE', isListedOnWebsite: false };
    const answer = await change('productPublish', wanted);
    expect(answer.product).toMatchObject({
      version: 3,
      status: 'ACTIVE',
      isListedOnWebsite: false,
    });
    expect(answer.review.isReady).toBe(true);
    expect(itemOf(answer, 'STOREFRONT').message).toBe(
      'Web shops do not show it: it is not listed on the website, it has no picture.',
    );
    expect(itemOf(answer, 'BARCODES')).toMatchObject({ severity: 'WARNING', variants: [{ sku }] });
    const stale = await change('productPublish', wanted);
    expect(stale).toMatchObject({ __typename: 'VersionConflict', product: { version: 3 } });
  });

  test('says that opening stock is on its way, while inventory is away', async () => {
    catalog.inventory.isDown = true;
    const sku = `BROOCH-${randomUUID()}`;
    const openingStock = [{ locationCode: 'HQ', quantity: 1 }];
    const { id } = await created({ variants: [{ sku, price, openingStock }] });
    const query = `query ($id: ID!) { productReview(id: $id) { isReady
      items { check severity variants { sku } } } }`;
    const { productReview } = (await catalog.graphql(query, { id })).data;
    expect(productReview.isReady).toBe(true);
    expect(itemOf({ review: productReview }, 'STOCK')).toMatchObject({
      ...{ severity: 'WARNING', variants: [{ sku }] },
    });
  });
});

test('a review names the variants without stock, and those without a picture beside others', async () => {
  const { id, variants } = await created({
    ...{ options: [{ name: 'Size', values: ['S', 'M', 'L'] }], defaults: { price } },
    media: [{ url: 'https://x.test/s.jpg' }],
  });
  const [small, medium] = variants.nodes;
  const imageUrl = 'https://x.test/s.jpg';
  await catalog.mutate('variantUpdate', { id: small.id, productVersion: 1, imageUrl });
  await catalog.mutate('variantUpdate', { id: medium.id, productVersion: 2, isActive: false });
  const query = `query ($id: ID!) { productReview(id: $id) {
    items { check severity variants { title } } } }`;
  const { productReview: review } = (await catalog.graphql(query, { id })).data;
  expect(itemOf({ review }, 'IMAGES')).toMatchObject({
    ...{ severity: 'WARNING', variants: [{ title: 'L' }] },
  });
  expect(itemOf({ review }, 'STOCK')).toMatchObject({
    ...{ severity: 'WARNING', variants: [{ title: 'S' }, { title: 'L' }] },
  });
});

describe('deleting', () => {
  test('gives the handle back and keeps the SKU; restoring takes the next free handle', async () => {
    const title = `Ring ${randomUUID()}`;
    const { id, handle, variants } = await created({ title });
    const [{ sku }] = variants.nodes;
    const deleted = await change('productDelete', { id, version: 1 });
    expect(deleted.product).toMatchObject({ version: 2, handle, deletedAt: expect.any(String) });
    const shop = { scopes: ['shop:read'] };
    const query = 'query ($id: ID!) { product(id: $id) { id deletedAt } }';
    expect((await catalog.graphql(query, { id }, shop)).data.product).toBeNull();
    expect((await catalog.graphql(query, { id })).data.product.deletedAt).not.toBeNull();
    const list = '{ productsDeleted { nodes { id variantsTotal } } }';
    expect((await catalog.graphql(list)).data.productsDeleted.nodes).toEqual([
      { id, variantsTotal: 1 },
    ]);
    const taken = await catalog.mutate('productCreate', { title, variants: [{ sku, price }] });
    expect(taken).toMatchObject({ __typename: 'SkuTaken' });
    expect((await created({ title })).handle).toBe(handle);
    const restored = await change('productRestore', { id });
    expect(restored.product).toMatchObject({
      ...{ version: 3, handle: `${handle}-2`, deletedAt: null },
    });
    const events = await catalog.db.read(tenantA, (tx) =>
      tx.query<{ deleted: boolean }>(
        `SELECT data::jsonb ? 'deletedAt' AS deleted FROM outbox WHERE aggregate_id = $1 ORDER BY position`,
        [id],
      ),
    );
    expect(events.map(({ deleted: isDeleted }) => isDeleted)).toEqual([false, true, false]);
  });

  test('is refused while a variant has stock, or inventory cannot be asked, and by another tenant', async () => {
    const { id, variants } = await created();
    const [{ id: variantId, sku }] = variants.nodes;
    const uses = { onHand: 1, inTransit: 0, backorderLimit: 0, holdsTotal: 0, holds: [] };
    catalog.inventory.uses.set(variantId, uses);
    const before = await factCounts(catalog.db);
    expect(await change('productDelete', { id, version: 1 })).toMatchObject({
      ...{ __typename: 'VariantsInUse', variantsInUse: [{ sku, onHand: 1 }] },
    });
    catalog.inventory.isDown = true;
    await expect(change('productDelete', { id, version: 1 })).rejects.toThrow('UNAVAILABLE');
    catalog.inventory.isDown = false;
    const notFound = { __typename: 'NotFound', kind: 'Product' };
    expect(await change('productDelete', { id, version: 1 }, tenantB)).toMatchObject(notFound);
    expect(await change('productRestore', { id })).toMatchObject(notFound);
    expect(await factCounts(catalog.db)).toEqual(before);
  });
});

test('a piece is made again with its own stock number, SKU and photos, as a draft', async () => {
  const serials = (stockNumber: string) => [
    {
      stockNumber,
      certificate: { number: `C-${stockNumber}`, lab: 'GIA' },
      photos: [`https://x.test/${stockNumber}.jpg`],
    },
  ];
  const stock = (name: string) => [{ locationCode: 'HQ', serials: serials(name) }];
  const [first, second] = [randomUUID(), randomUUID()];
  const { id, variants } = await created({
    ...{ title: 'Swallow', category: 'Estate > Brooches', status: 'ACTIVE' },
    media: [{ url: 'https://x.test/swallow.jpg' }],
    variants: [{ barcode: '4006381333931', price, tracking: 'SERIAL', openingStock: stock(first) }],
  });
  const answer = await change('productDuplicate', { id, openingStock: stock(second) });
  expect(answer).toMatchObject({
    ...{ __typename: 'ProductCreateSuccess', inventoryTotal: 1 },
    product: {
      ...{ title: 'Swallow', handle: 'swallow-2', status: 'DRAFT' },
      ...{
        media: [{ url: 'https://x.test/swallow.jpg' }],
        category: { path: 'Estate > Brooches' },
      },
      variants: { nodes: [{ barcode: null, price: { amount: '4200.00' }, tracking: 'SERIAL' }] },
    },
  });
  const [{ sku }] = answer.product.variants.nodes;
  expect(sku).not.toBe(variants.nodes[0].sku);
  const received = [...catalog.inventory.receipts.values()].flat().find((line) => line.sku === sku);
  expect(received!.serials).toMatchObject(serials(second));
  const taken = await change('productDuplicate', { id, openingStock: [{ locationCode: 'XX' }] });
  expect(taken).toMatchObject({ __typename: 'NotFound', kind: 'Location' });
});

test('variants stand in the order that is said, the others behind', async () => {
  const values = ['S', 'M', 'L'];
  const { id, variants } = await created({ options: [{ name: 'Size', values }] });
  const [s, m, l] = variants.nodes;
  const input = { productId: id, productVersion: 1 };
  const answer = await change('variantsReorder', { ...input, variantIds: [l.id] });
  expect(answer.product.variants.nodes).toEqual(
    [l, s, m].map(({ sku }, index) => ({ sku, position: index + 1 })),
  );
  const twice = { ...input, productVersion: 2, variantIds: [s.id, s.id] };
  expect(await change('variantsReorder', twice)).toMatchObject({ field: 'variantIds' });
  const strange = { ...input, productVersion: 2, variantIds: [randomUUID()] };
  expect(await change('variantsReorder', strange)).toMatchObject({ kind: 'Variant' });
});

describe('a draft', () => {
  const save = (input: object) =>
    catalog.ask(
      'productDraftSave',
      `${errors} ... on ProductDraftConflict { draft { version document } }
       ... on ProductDraftSaveSuccess { draft { id version step document updatedBy } }`,
      input,
    );

  test('is saved at each step, gone on with, and ends with its product', async () => {
    const { draft } = await save({ step: 'basics', document: '{"title":"Swall' + 'ow"}' });
    expect(draft).toMatchObject({ version: 1, step: 'basics', updatedBy: 'tester' });
    const { id } = draft;
    const document = '{"title":"Swallow","options":[]}';
    const next = await save({ id, version: 1, step: 'options', document });
    expect(next.draft).toMatchObject({ id, version: 2, step: 'options', document });
    expect(await save({ id, version: 1, step: 'options', document: '{}' })).toMatchObject({
      ...{ __typename: 'ProductDraftConflict', draft: { version: 2, document } },
    });
    const resumed = await catalog.graphql('{ productDrafts { nodes { id document } } }');
    expect(resumed.data.productDrafts.nodes).toEqual([{ id, document }]);
    const input = { ...JSON.parse(document), draftId: id, defaults: { price } };
    await created(input);
    const query = 'query ($id: ID!) { productDraft(id: $id) { id } }';
    expect((await catalog.graphql(query, { id })).data.productDraft).toBeNull();
    const again = await catalog.mutate('productCreate', input);
    expect(again).toMatchObject({ __typename: 'NotFound', kind: 'ProductDraft' });
  });

  test.each([
    ['document', { step: 'x', document: '[1]' }],
    ['document', { step: 'x', document: `{"a":"${'x'.repeat(205_000)}"}` }],
    ['step', { step: '', document: '{}' }],
  ])('with a bad %s is refused', async (field, input) => {
    expect(await save(input)).toMatchObject({ __typename: 'InvalidInput', field });
  });
});
