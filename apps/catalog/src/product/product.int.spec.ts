import { randomUUID } from 'node:crypto';
import {
  factCounts,
  rowCounts,
  startCatalog,
  tenantA,
  tenantB,
  type Catalog,
} from '../../test/catalog.ts';
import { idOfHQ } from '../../test/inventory-stub.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.stop());
beforeEach(() => {
  catalog.inventory.isDown = false;
});

const price = { amount: '19.00', currencyCode: 'USD' };
const unique = (prefix: string) => `${prefix}-${randomUUID().slice(0, 8).toUpperCase()}`;

async function eventsOf(productId: string) {
  return catalog.db.read(tenantA, (tx) =>
    tx.query<{ sequence: number; data: any }>(
      'SELECT sequence, data FROM outbox WHERE aggregate_id = $1 ORDER BY position',
      [productId],
    ),
  );
}

describe('productCreate', () => {
  it('creates product, variants and opening stock in one call', async () => {
    const sku = unique('TEE');
    const answer = await catalog.mutate('productCreate', {
      title: 'Galaxy V-Neck',
      vendor: 'Nexus',
      category: 'Shirts',
      status: 'ACTIVE',
      tags: ['cotton'],
      media: [{ url: 'https://x.test/tee.jpg', alt: 'Front' }],
      options: [
        { name: 'Color', values: ['Red', 'Blue'] },
        { name: 'Size', values: ['S', 'M'] },
      ],
      variants: [
        {
          sku: `${sku}-RED-S`,
          barcode: '4006381333931',
          optionValues: ['Red', 'S'],
          price,
          openingStock: [
            { locationCode: 'HQ', quantity: 3 },
            { locationCode: 'GM', quantity: 2 },
          ],
        },
        {
          optionValues: ['Blue', 'M'],
          price,
          tracking: 'SERIAL',
          openingStock: [{ locationCode: 'HQ', serials: [{ serial: 'X1' }, { serial: 'X2' }] }],
        },
      ],
    });
    expect(answer).toMatchObject({
      __typename: 'ProductCreateSuccess',
      variantsTotal: 2,
      inventoryTotal: 7,
      inventoryPending: false,
      warnings: [],
      product: {
        version: 1,
        handle: 'galaxy-v-neck',
        status: 'ACTIVE',
        vendor: { name: 'Nexus' },
        category: { name: 'Shirts' },
        media: [{ url: 'https://x.test/tee.jpg', alt: 'Front', position: 1 }],
        variants: {
          nodes: [
            { sku: `${sku}-RED-S`, title: 'Red / S', fullTitle: 'Galaxy V-Neck - Red / S', price },
            { sku: 'NEXGALVNE-BLU-M', title: 'Blue / M', tracking: 'SERIAL' },
          ],
        },
      },
    });
    expect(catalog.inventory.unitsOf(`${sku}-RED-S`)).toBe(5);
    expect(catalog.inventory.unitsOf('NEXGALVNE-BLU-M')).toBe(2);
    const [event, ...others] = await eventsOf(answer.product.id);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      sequence: 1,
      data: {
        title: 'Galaxy V-Neck',
        vendor: 'Nexus',
        status: 'ACTIVE',
        variants: [
          { sku: `${sku}-RED-S`, price: { amountMinor: 1900, currencyCode: 'USD' } },
          { fullTitle: 'Galaxy V-Neck - Blue / M' },
        ],
      },
    });
  });

  it('keeps a description without what could run, and says what is gone, at each change', async () => {
    const answer = await catalog.mutate('productCreate', {
      title: 'Locket',
      defaults: { price },
      descriptionHtml: '<p>Gold <a href="javascript:a()">x</a></p><script>b()</script>',
    });
    const code = 'HTML_REMOVED';
    const without = (parts: string) => `The description was kept without ${parts}.`;
    expect(answer.warnings).toEqual([{ code, message: without('href of <a>, <script>') }]);
    const { id } = answer.product;
    const input = { id, idempotencyKey: randomUUID(), descriptionHtml: '<p onclick=a>Silver</p>' };
    const updated = await catalog.mutate('productUpdate', input);
    expect(updated.warnings).toEqual([{ code, message: without('onclick of <p>') }]);
    expect((await catalog.mutate('productUpdate', input)).warnings).toEqual(updated.warnings);
    const query = 'query ($id: ID!) { product(id: $id) { descriptionHtml } }';
    const { descriptionHtml } = (await catalog.graphql(query, { id })).data.product;
    expect(descriptionHtml).toBe('<p>Silver</p>');
  });

  it('refuses a change that was made from another version, with the product as it is', async () => {
    const { product } = await catalog.mutate('productCreate', { title: 'Locket' });
    const change = { id: product.id, version: 1 };
    const first = await catalog.mutate('productUpdate', { ...change, title: 'Gold locket' });
    expect(first.product).toMatchObject({ version: 2, title: 'Gold locket' });
    expect(await catalog.mutate('productUpdate', { ...change, title: 'Silver' })).toMatchObject({
      ...{ code: 'VERSION_CONFLICT', versionGiven: 1 },
      product: { version: 2, title: 'Gold locket' },
    });
    const blind = await catalog.mutate('productUpdate', { id: product.id, title: 'Brass' });
    expect(blind.product).toMatchObject({ version: 3, title: 'Brass' });
  });

  it('refuses a photo or report address of a unit that would run, and writes nothing', async () => {
    const before = await rowCounts(catalog.db);
    for (const unit of [
      { photos: ['javascript:a()'] },
      { certificate: { number: '1', reportUrl: 'data:text/html,a' } },
    ]) {
      const openingStock = [{ locationCode: 'HQ', serials: [{ serial: 'A', ...unit }] }];
      const answer = await catalog.mutate('productCreate', {
        title: 'Ring',
        variants: [{ tracking: 'SERIAL', openingStock }],
      });
      expect(answer).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
    }
    expect(await rowCounts(catalog.db)).toEqual(before);
  });

  it('generates the Cartesian product and numbers SKUs and handles that are taken', async () => {
    const input = {
      title: 'Twin Ring',
      options: [{ name: 'Size', values: ['6', '6.5', '7'] }],
      defaults: { price, openingStock: [{ locationCode: 'HQ', quantity: 1 }] },
    };
    const first = await catalog.mutate('productCreate', input);
    const second = await catalog.mutate('productCreate', input);
    const skus = (answer: any) => answer.product.variants.nodes.map((one: any) => one.sku);
    expect(skus(first)).toEqual(['TWIRIN-6', 'TWIRIN-6.5', 'TWIRIN-7']);
    expect(skus(second)).toEqual(['TWIRIN-6-2', 'TWIRIN-6.5-2', 'TWIRIN-7-2']);
    expect([first.product.handle, second.product.handle]).toEqual(['twin-ring', 'twin-ring-2']);
    expect([first.inventoryTotal, second.inventoryTotal]).toEqual([3, 3]);
  });

  it('writes 2,048 variants and warns', async () => {
    const values = (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => `${name}${index}`);
    const answer = await catalog.mutate('productCreate', {
      title: 'Everything',
      options: [
        { name: 'A', values: values(64, 'a') },
        { name: 'B', values: values(32, 'b') },
      ],
      defaults: { price },
    });
    expect(answer).toMatchObject({ variantsTotal: 2048, warnings: [{ code: 'MANY_VARIANTS' }] });
    expect(catalog.inventory.items.has(answer.product.variants.nodes[0].sku)).toBe(true);
  });

  const taken = { sku: unique('TAKEN'), barcode: '036000291452', handle: 'taken-handle' };
  it('refuses what another product has, names it and writes nothing', async () => {
    const { handle, ...variant } = taken;
    await catalog.mutate('productCreate', { title: 'Owner', handle, variants: [variant] });
    const before = await factCounts(catalog.db);
    const tries: [object, object][] = [
      [
        { handle, variants: [variant] },
        { __typename: 'HandleTaken', handle },
      ],
      [{ variants: [variant] }, { __typename: 'SkuTaken', sku: taken.sku }],
      [
        { vendor: 'New vendor', variants: [{ barcode: taken.barcode }] },
        { __typename: 'BarcodeTaken', barcode: taken.barcode },
      ],
      // One GTIN: many scanners send a UPC-A with 13 digits.
      ...['0036000291452', '00036000291452'].map((barcode): [object, object] => [
        { variants: [{ barcode }] },
        { __typename: 'BarcodeTaken', barcode },
      ]),
      [
        { variants: [{ openingStock: [{ locationCode: 'NOWHERE', quantity: 1 }] }] },
        { __typename: 'NotFound', kind: 'Location', id: 'NOWHERE' },
      ],
      [
        { variants: [{ barcode: '123' }] },
        { __typename: 'InvalidInput', field: 'variants.0.barcode', value: '123' },
      ],
      [
        { variants: [{ price: { amount: '1.005', currencyCode: 'USD' } }] },
        { __typename: 'InvalidInput', field: 'variants.0.price' },
      ],
      [{ media: [{ url: 'javascript:x' }] }, { __typename: 'InvalidInput', field: 'media.0.url' }],
      [{ tags: ['a\u0000b'] }, { __typename: 'InvalidInput', field: 'tags.0' }],
      [{ idempotencyKey: '' }, { __typename: 'InvalidInput', field: 'idempotencyKey' }],
    ];
    for (const [input, refusal] of tries) {
      const answer = await catalog.mutate('productCreate', { title: 'Taker', ...input });
      expect(answer).toMatchObject(refusal);
    }
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('lets exactly one of twelve concurrent callers have a SKU', async () => {
    const sku = unique('RACE');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        catalog.mutate('productCreate', { title: `Racer ${index}`, variants: [{ sku }] }),
      ),
    );
    const names = answers.map((answer) => answer.__typename);
    expect(names.filter((name) => name === 'ProductCreateSuccess')).toHaveLength(1);
    expect(names.filter((name) => name === 'SkuTaken')).toHaveLength(11);
  });

  it('takes a SKU for one without case, and a barcode for the GTIN that it is a form of', async () => {
    const sku = unique('Tissue');
    const create = (variant: object) =>
      catalog.mutate('productCreate', {
        title: unique('Tissue'),
        variants: [{ price, ...variant }],
      });
    const done = { __typename: 'ProductCreateSuccess' };
    expect(await create({ sku: ` ${sku} `, barcode: '012345678905' })).toMatchObject(done);
    for (const spelling of [sku.toLowerCase(), sku.toUpperCase(), `${sku}\n`])
      expect(await create({ sku: spelling })).toMatchObject({ __typename: 'SkuTaken' });
    for (const barcode of ['0012345678905', '00012345678905', '0-12345-67890-5'])
      expect(await create({ barcode })).toMatchObject({ __typename: 'BarcodeTaken', barcode });
    // UPC-E, and the number that it stands for.
    expect(await create({ barcode: '04252614' })).toMatchObject(done);
    expect(await create({ barcode: '042100005264' })).toMatchObject({ __typename: 'BarcodeTaken' });
    const twins = { options: [{ name: 'Size', values: ['S', 'M'] }] };
    for (const [one, other] of [
      [{ sku: `${sku}-a` }, { sku: `${sku}-A` }],
      [{ barcode: '0306406152' }, { barcode: '978-0-306-40615-7' }],
    ])
      expect(
        await catalog.mutate('productCreate', {
          ...twins,
          title: unique('Twins'),
          variants: [
            { ...one, optionValues: ['S'], price },
            { ...other, optionValues: ['M'], price },
          ],
        }),
      ).toMatchObject({ __typename: 'InvalidInput' });
    const unseen = await create({ sku: `${sku}\u200b` });
    expect(unseen).toMatchObject({ __typename: 'InvalidInput', field: 'variants.0.sku' });
  });

  it('is found by its SKU in any case, and by each form of its barcode', async () => {
    const sku = unique('Found');
    await catalog.mutate('productCreate', {
      title: unique('Found'),
      variants: [{ sku, barcode: '0-8044-2957-X', price }],
    });
    const query = `query($sku: String!, $text: String!) {
      variant(sku: $sku) { sku barcode }
      products(query: $text) { nodes { variants(first: 1) { nodes { sku } } } }
    }`;
    const variables = { sku: sku.toLowerCase(), text: '9780804429573' };
    expect((await catalog.graphql(query, variables)).data).toEqual({
      variant: { sku, barcode: '0-8044-2957-X' },
      products: { nodes: [{ variants: { nodes: [{ sku }] } }] },
    });
  });

  it('gives concurrent products of one name different handles and SKUs', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, () =>
        catalog.mutate('productCreate', { title: 'Same Moment', variants: [{ price }] }),
      ),
    );
    const handles = answers.map((answer) => answer.product?.handle).sort();
    const numbered = Array.from({ length: 23 }, (_, index) => `same-moment-${index + 2}`);
    expect(handles).toEqual(['same-moment', ...numbered].sort());
  });
});

describe('idempotency', () => {
  it('answers the same for the same key and input, once', async () => {
    const input = {
      idempotencyKey: randomUUID(),
      title: 'Once',
      variants: [{ price, openingStock: [{ locationCode: 'HQ', quantity: 4 }] }],
    };
    const answers = await Promise.all([
      catalog.mutate('productCreate', input),
      catalog.mutate('productCreate', input),
    ]);
    const again = await catalog.mutate('productCreate', input);
    expect(answers[0]).toEqual(again);
    expect(answers[1]).toEqual(again);
    expect(again.inventoryTotal).toBe(4);
    expect(catalog.inventory.unitsOf(again.product.variants.nodes[0].sku)).toBe(4);
  });

  it('keeps a refusal under its key, also when it would be granted by now', async () => {
    const sku = `KEPT-${randomUUID()}`;
    const taken = { title: 'First', variants: [{ sku, price }] };
    const { product } = await catalog.mutate('productCreate', taken);
    const again = { ...taken, idempotencyKey: randomUUID(), title: 'Second' };
    const refusal = await catalog.mutate('productCreate', again);
    expect(refusal).toMatchObject({ __typename: 'SkuTaken', sku });
    const elsewhere = [{ locationCode: 'NEW', quantity: 1 }];
    const unknown = {
      idempotencyKey: randomUUID(),
      title: 'Third',
      variants: [{ price, openingStock: elsewhere }],
    };
    const nowhere = await catalog.mutate('productCreate', unknown);
    expect(nowhere).toMatchObject({ __typename: 'NotFound', kind: 'Location', id: 'NEW' });

    const variant = { id: product.variants.nodes[0].id, productVersion: 1, sku: `${sku}-2` };
    expect(await catalog.mutate('variantUpdate', variant)).toMatchObject({
      __typename: 'VariantUpdateSuccess',
    });
    catalog.inventory.locations.add('NEW');
    expect(await catalog.mutate('productCreate', again)).toEqual(refusal);
    expect(await catalog.mutate('productCreate', unknown)).toEqual(nowhere);
    for (const { idempotencyKey: _, ...input } of [again, unknown])
      expect(await catalog.mutate('productCreate', input)).toMatchObject({
        __typename: 'ProductCreateSuccess',
      });
  });

  it('refuses the key with another input', async () => {
    const idempotencyKey = randomUUID();
    await catalog.mutate('productCreate', { idempotencyKey, title: 'First' });
    const answer = await catalog.mutate('productCreate', { idempotencyKey, title: 'Second' });
    expect(answer).toMatchObject({ __typename: 'IdempotencyKeyReused', idempotencyKey });
  });
});

describe('opening stock', () => {
  const input = {
    title: 'Late stock',
    variants: [{ price, openingStock: [{ locationCode: 'HQ', quantity: 2 }] }],
  };

  it('is at a location named by its id or by its code, never by both', async () => {
    const at = (place: object, more: object = {}) =>
      catalog.mutate('productCreate', {
        title: 'Placed',
        variants: [{ price, openingStock: [{ ...place, quantity: 2 }] }],
        ...more,
      });
    const defaults = { price, openingStock: [{ locationId: idOfHQ, quantity: 1 }] };
    const options = [{ name: 'Size', values: ['S', 'M'] }];
    expect(await at({ locationId: idOfHQ })).toMatchObject({ inventoryTotal: 2 });
    expect(await at({}, { variants: undefined, options, defaults })).toMatchObject({
      inventoryTotal: 2,
    });
    const before = await factCounts(catalog.db);
    expect(await at({ locationId: randomUUID() })).toMatchObject({ kind: 'Location' });
    expect(await at({ locationId: 'HQ' })).toMatchObject({
      __typename: 'InvalidInput',
      value: 'HQ',
    });
    expect(await at({ locationId: idOfHQ, locationCode: 'HQ' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'variants.0.openingStock.0.locationId',
    });
    expect(await at({})).toMatchObject({ __typename: 'InvalidInput' });
    const twice = [{ locationId: idOfHQ }, { locationCode: 'HQ' }];
    const openingStock = twice.map((place) => ({ ...place, quantity: 1 }));
    const variants = [{ price, openingStock }];
    expect(await at({}, { variants })).toMatchObject({ message: 'Location HQ is named twice.' });
    expect(await factCounts(catalog.db)).toEqual(before);
  });

  it('is pending while inventory is away, and comes once when it is back', async () => {
    catalog.inventory.isDown = true;
    const idempotencyKey = randomUUID();
    const answer = await catalog.mutate('productCreate', { ...input, idempotencyKey });
    const { sku } = answer.product.variants.nodes[0];
    expect(answer).toMatchObject({ inventoryPending: true, inventoryTotal: 0 });
    catalog.inventory.isDown = false;
    const again = await catalog.mutate('productCreate', { ...input, idempotencyKey });
    expect(again).toMatchObject({ inventoryPending: false, inventoryTotal: 2 });
    await catalog.mutate('productCreate', { ...input, idempotencyKey });
    expect(catalog.inventory.unitsOf(sku)).toBe(2);
  });

  it('that inventory refuses shows as a warning, and the product stands', async () => {
    const serials = [{ stockNumber: unique('S') }];
    const variants = [
      { price, tracking: 'SERIAL', openingStock: [{ locationCode: 'HQ', serials }] },
    ];
    const first = await catalog.mutate('productCreate', { title: 'Unit', variants });
    const second = await catalog.mutate('productCreate', { title: 'Same unit', variants });
    expect(first).toMatchObject({ inventoryTotal: 1, warnings: [] });
    expect(second).toMatchObject({
      __typename: 'ProductCreateSuccess',
      inventoryTotal: 0,
      inventoryPending: false,
      warnings: [{ code: 'OPENING_STOCK_REFUSED' }],
    });
  });
});

describe('productUpdate and productStatusSet', () => {
  it('change what is named, raise the version and publish it', async () => {
    const { product } = await catalog.mutate('productCreate', {
      title: 'Old title',
      vendor: 'Vendor',
      variants: [{ price }],
    });
    const updated = await catalog.mutate('productUpdate', {
      id: product.id,
      title: 'New title',
      vendor: null,
      tags: ['new'],
    });
    expect(updated).toMatchObject({
      product: {
        version: 2,
        title: 'New title',
        handle: 'old-title',
        vendor: null,
        tags: ['new'],
        variants: { nodes: [{ title: 'New title', fullTitle: 'New title' }] },
      },
    });
    const active = await catalog.mutate('productStatusSet', { id: product.id, status: 'ACTIVE' });
    expect(active.product).toMatchObject({ version: 3, status: 'ACTIVE' });
    const same = await catalog.mutate('productStatusSet', { id: product.id, status: 'ACTIVE' });
    expect(same.product.version).toBe(3);
    const events = await eventsOf(product.id);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(events[2]?.data).toMatchObject({ status: 'ACTIVE', title: 'New title' });
    expect(events[2]?.data.vendor).toBeUndefined();
  });

  it('are made from the version that the caller saw, where one is given', async () => {
    const { product } = await catalog.mutate('productCreate', { title: 'Ring' });
    const { id } = product;
    const input = { id, version: 1, status: 'ACTIVE', idempotencyKey: randomUUID() };
    const first = await catalog.mutate('productStatusSet', input);
    expect(first.product).toMatchObject({ version: 2, status: 'ACTIVE' });
    expect(await catalog.mutate('productStatusSet', input)).toEqual(first);
    const before = await factCounts(catalog.db);
    for (const status of ['ARCHIVED', 'ACTIVE']) {
      expect(await catalog.mutate('productStatusSet', { id, version: 1, status })).toMatchObject({
        ...{ __typename: 'VersionConflict', code: 'VERSION_CONFLICT', versionGiven: 1 },
        product: { version: 2, status: 'ACTIVE' },
      });
    }
    expect(await factCounts(catalog.db)).toEqual(before);
    const other = { tenantId: tenantB };
    expect(await catalog.mutate('productStatusSet', { ...input, version: 2 }, other)).toMatchObject(
      { __typename: 'NotFound', kind: 'Product' },
    );
  });

  it('refuse a handle that is taken and a product that is not there', async () => {
    const { product: one } = await catalog.mutate('productCreate', { title: 'Handle one' });
    const { product: two } = await catalog.mutate('productCreate', { title: 'Handle two' });
    expect(await catalog.mutate('productUpdate', { id: two.id, handle: one.handle })).toMatchObject(
      { __typename: 'HandleTaken', handle: one.handle },
    );
    const id = randomUUID();
    expect(await catalog.mutate('productUpdate', { id, title: 'x' })).toMatchObject({
      __typename: 'NotFound',
      id,
    });
  });

  it.each(['0', 'handle-one', ''])('find nothing by %j, which is no id', async (id) => {
    for (const [mutation, change] of [
      ['productUpdate', { title: 'x' }],
      ['productStatusSet', { status: 'ACTIVE' }],
    ] as const)
      expect(await catalog.mutate(mutation, { id, ...change })).toMatchObject({
        __typename: 'NotFound',
        id,
      });
  });
});

describe('who sees what', () => {
  const query = `query ($id: ID!, $sku: String!, $refs: [_Any!]!) {
    product(id: $id) { title } variant(sku: $sku) { sku }
    products(query: "Secret") { nodes { title } }
    _entities(representations: $refs) { ... on Variant { sku } ... on Product { title } }
  }`;
  const nothing = {
    product: null,
    variant: null,
    products: { nodes: [] },
    _entities: [null, null, null],
  };

  async function secret(status: string) {
    const sku = unique('SECRET');
    const variants = [{ sku, price, cost: { amount: '5.00', currencyCode: 'USD' } }];
    const { product } = await catalog.mutate('productCreate', {
      title: 'Secret',
      status,
      variants,
    });
    const refs = [
      { __typename: 'Variant', id: product.variants.nodes[0].id },
      { __typename: 'Variant', sku },
      { __typename: 'Product', id: product.id },
    ];
    return { id: product.id as string, sku, refs };
  }

  it('another tenant sees nothing', async () => {
    const variables = await secret('ACTIVE');
    const { data } = await catalog.graphql(query, variables, { tenantId: tenantB });
    expect(data).toEqual(nothing);
    const stolen = await catalog.mutate(
      'productUpdate',
      { id: variables.id, title: 'Stolen' },
      { tenantId: tenantB },
    );
    expect(stolen.__typename).toBe('NotFound');
    await catalog.mutate(
      'productCreate',
      { title: 'Secret', handle: 'secret', variants: [{ sku: variables.sku }] },
      { tenantId: tenantB },
    );
  });

  it('a public shop sees active products only, and never cost or sales', async () => {
    const shop = { scopes: ['shop:read', 'shop:hold'] };
    for (const status of ['DRAFT', 'ARCHIVED']) {
      const variables = await secret(status);
      const { data } = await catalog.graphql(query, variables, shop);
      expect(data).toMatchObject({ product: null, variant: null, _entities: [null, null, null] });
    }
    const { sku, refs } = await secret('ACTIVE');
    const open = `query ($sku: String!, $refs: [_Any!]!) {
      variant(sku: $sku) { sku price { amount } cost { amount } sales { quantitySold } }
      _entities(representations: $refs) { ... on Variant { sku cost { amount } } } }`;
    const answer = await catalog.graphql(open, { sku, refs: refs.slice(0, 2) }, shop);
    expect(answer.data).toEqual({
      variant: { sku, price: { amount: '19.00' }, cost: null, sales: null },
      _entities: [
        { sku, cost: null },
        { sku, cost: null },
      ],
    });
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    const refused = await catalog.graphql(
      'mutation { productStatusSet(input: { idempotencyKey: "x", id: "y", status: DRAFT }) { __typename } }',
      {},
      shop,
    );
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('a token without a scope of ours sees nothing through entities', async () => {
    const { refs } = await secret('ACTIVE');
    const { data } = await catalog.graphql(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Variant { sku } } }',
      { refs: refs.slice(0, 2) },
      { scopes: ['openid'] },
    );
    expect(data._entities).toEqual([null, null]);
  });
});

describe('lists', () => {
  it('page by cursor, without gaps or repeats, and search by words', async () => {
    // One word: random digits of their own might begin as what must not be found below.
    const word = unique('Word').replace('-', '');
    for (let index = 0; index < 5; index += 1) {
      await catalog.mutate('productCreate', { title: `${word} ${index} 100%` });
    }
    const query = `query ($query: String, $after: String) {
      products(first: 2, after: $after, query: $query) { nodes { title } pageInfo { hasNextPage endCursor } } }`;
    const titles: string[] = [];
    let after: string | null = null;
    do {
      const { data }: any = await catalog.graphql(query, {
        query: `${word.toLowerCase()} 100%`,
        after,
      });
      titles.push(...data.products.nodes.map((node: any) => node.title));
      after = data.products.pageInfo.hasNextPage ? data.products.pageInfo.endCursor : null;
    } while (after !== null);
    expect(titles).toEqual([4, 3, 2, 1, 0].map((index) => `${word} ${index} 100%`));
    // No wildcard: a sign stands between words.
    const none = await catalog.graphql(query, { query: `${word} _00` });
    expect(none.data.products.nodes).toEqual([]);
    const bad = await catalog.graphql(query, { after: 'nonsense' });
    expect(bad.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('of vendors and categories page by name', async () => {
    const tenant = { tenantId: '01900000-0000-7000-8000-00000000000c' };
    for (const vendor of ['beta', 'Alpha', 'BETA', 'gamma']) {
      await catalog.mutate('productCreate', { title: vendor, vendor, category: vendor }, tenant);
    }
    const page = async (list: string, after?: string) => {
      const query = `query ($after: String) { page: ${list}(first: 2, after: $after) {
        nodes { name } pageInfo { endCursor hasNextPage } } }`;
      return (await catalog.graphql(query, { after }, tenant)).data.page;
    };
    for (const list of ['vendors', 'categories']) {
      const first = await page(list);
      const second = await page(list, first.pageInfo.endCursor);
      expect([...first.nodes, ...second.nodes].map(({ name }) => name)).toEqual([
        'Alpha',
        'beta',
        'gamma',
      ]);
    }
    const { data } = await catalog.graphql('{ vendors(first: 1) { totalCount } }', {}, tenant);
    expect(data.vendors).toEqual({ totalCount: 3 });
  });
});
