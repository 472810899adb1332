import { uuidv7 } from '@onecount/db';
import { holds, variantMove, variantMoveOrders } from '@onecount/testing';
import { isSignatureValid } from '../src/delivery/delivery.message.ts';
import {
  brooch,
  connectionMaker,
  levelOf,
  startStorefront,
  tenantB,
  variantOf,
  type Fixture,
} from './fixture.ts';
import { startReceiver, type Receiver } from './receiver.ts';

let storefront: Fixture;
let shop: Receiver;
let create: ReturnType<typeof connectionMaker>;

beforeAll(async () => {
  storefront = await startStorefront();
  create = connectionMaker(storefront);
});
afterAll(() => storefront?.stop());
beforeEach(async () => {
  await storefront.rows(
    'TRUNCATE listing, connection, known_variant, known_level, known_product, outbox, idempotency_record',
  );
  shop = await startReceiver();
});
afterEach(() => shop.stop());

const listingsOf = async (variantId: string, as?: { tenantId?: string; scopes?: string }) => {
  const answer = await storefront.graphql(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Variant {
       listings { sku isListed isTracked available version deliveredVersion isDelivered attempts
                  lastError connection { status } } } } }`,
    { representations: [{ __typename: 'Variant', id: variantId }] },
    as,
  );
  return answer.data?.['_entities'][0].listings;
};
const events = () =>
  storefront.rows(`SELECT sequence::int, data FROM outbox ORDER BY position`) as Promise<
    { sequence: number; data: Record<string, unknown> }[]
  >;

/** A piece that is listed at one shop with one available. */
async function listedBrooch(input: Record<string, unknown> = {}) {
  const product = brooch();
  const variant = product.variants[0]!;
  const level = levelOf(variant.sku, { variantId: variant.variantId });
  const connection = await create({ webhook: { url: shop.url }, ...input });
  await storefront.deliver('catalog.product-changed', product.productId, product);
  await storefront.deliver('inventory.stock-level-changed', 'level', level);
  const { variantId, sku } = variant;
  return { product, level, variantId, sku, connection };
}
const sell = (level: ReturnType<typeof levelOf>, version = level.version + 1) =>
  storefront.deliver('inventory.stock-level-changed', 'level', {
    ...level,
    ...{ committed: 1, available: 0, version },
  });

describe('delivery', () => {
  test('a sold piece goes to zero at the shop, signed, and the graph knows that it is delivered', async () => {
    const { level, variantId, sku, connection } = await listedBrooch();
    await holds(() => expect(shop.about(variantId).at(-1)).toMatchObject({ available: 1 }));
    await sell(level);
    await holds(async () => expect((await listingsOf(variantId))[0].isDelivered).toBe(true));
    const last = shop.received.at(-1)!;
    expect(last.json).toEqual({
      ...{ type: 'listing.count-changed', listingId: expect.any(String), variantId, sku },
      ...{ connectionId: connection.connection.id, productId: expect.any(String), version: 3 },
      ...{ title: `Swallow brooch - ${sku}`, isListed: true, isTracked: true, available: 0 },
    });
    const verification = { body: last.body, nowSeconds: Math.floor(Date.now() / 1000) };
    const signature = String(last.headers['onecount-signature']);
    const secret = connection.webhookSecret;
    expect(isSignatureValid(signature, { ...verification, secret })).toBe(true);
    expect(isSignatureValid(signature, { ...verification, secret: 'other' })).toBe(false);
    expect(last.headers['onecount-delivery']).toBe(`${last.json['listingId']}:3`);
    expect((await events()).map(({ sequence, data }) => [sequence, data['available']])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
  });

  test('a shop that was away gets the newest count only, and never an older one after it', async () => {
    shop.status(503);
    const { level, variantId } = await listedBrooch();
    await holds(() => expect(shop.about(variantId).length).toBeGreaterThan(0));
    await sell(level, 2);
    await storefront.deliver('inventory.stock-level-changed', 'level', {
      ...level,
      ...{ onHand: 5, available: 5, version: 3 },
    });
    await holds(async () => {
      const [listing] = await listingsOf(variantId);
      expect(listing).toMatchObject({ available: 5, deliveredVersion: 0 });
      expect(listing.connection.status).toBe('FAILING');
    });
    shop.answering();
    const failed = shop.received.length;
    await holds(async () => expect((await listingsOf(variantId))[0].isDelivered).toBe(true));
    expect(shop.received.slice(failed).map(({ json }) => json['available'])).toEqual([5]);
    const versions = shop.about(variantId).map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect((await listingsOf(variantId))[0]).toMatchObject({ attempts: 0, lastError: null });
  });

  test('a count that changes while it is being sent is sent again', async () => {
    const { level, variantId } = await listedBrooch();
    await holds(async () => expect((await listingsOf(variantId))[0].isDelivered).toBe(true));
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    shop.answering((response) => void released.then(() => response.writeHead(200).end()));
    await sell(level, 2);
    await holds(() => expect(shop.about(variantId).at(-1)).toMatchObject({ available: 0 }));
    await storefront.deliver('inventory.stock-level-changed', 'level', {
      ...level,
      ...{ onHand: 2, available: 2, version: 3 },
    });
    shop.answering();
    release();
    await holds(() => expect(shop.about(variantId).at(-1)).toMatchObject({ available: 2 }));
    await holds(async () => expect((await listingsOf(variantId))[0].isDelivered).toBe(true));
  });

  test('a redirect is not followed', async () => {
    shop.status(302);
    const { variantId } = await listedBrooch();
    await holds(async () => {
      const [listing] = await listingsOf(variantId);
      expect(listing).toMatchObject({ lastError: 'the shop answered 302', deliveredVersion: 0 });
    });
    expect(shop.received.every(({ json }) => json['type'] === 'listing.count-changed')).toBe(true);
  });

  test('a listing that the shop refuses holds up no other, and the connection stays active', async () => {
    const bad = await listedBrooch();
    shop.answering((response, { json }) =>
      response.writeHead(json['variantId'] === bad.variantId ? 422 : 200).end(),
    );
    await sell(bad.level);
    const good = brooch();
    await storefront.deliver('catalog.product-changed', good.productId, good);
    const goodVariant = good.variants[0]!.variantId;
    await holds(async () => expect((await listingsOf(goodVariant))[0].isDelivered).toBe(true));
    await holds(async () => {
      const [listing] = await listingsOf(bad.variantId);
      expect(listing).toMatchObject({ lastError: 'the shop answered 422', isDelivered: false });
      expect(listing.connection.status).toBe('ACTIVE');
    });
  });

  test('back-off stands in the database', async () => {
    shop.status(500);
    const { variantId } = await listedBrooch();
    await holds(async () => {
      const rows = await storefront.rows(
        `SELECT l.attempts, l.next_attempt_at > clock_timestamp() - interval '1 minute' AS is_set,
                c.failures, c.retry_at IS NOT NULL AS is_waiting
         FROM listing l JOIN connection c ON c.id = l.connection_id WHERE variant_id = $1`,
        [variantId],
      );
      expect(rows[0]).toMatchObject({ is_set: true, is_waiting: true });
      expect(rows[0].attempts).toBeGreaterThanOrEqual(2);
    });
  });
});

describe('a connection that fails for too long', () => {
  const status = async (id: string) =>
    (
      await storefront.graphql('query ($id: ID!) { connection(id: $id) { status lastError } }', {
        id,
      })
    ).data?.['connection'];
  const resume = (connectionId: string) =>
    storefront.graphql(
      `mutation ($input: ConnectionResumeInput!) { connectionResume(input: $input) { __typename
         ... on ConnectionResumeSuccess { connection { status } } ... on NotFound { id } } }`,
      { input: { idempotencyKey: uuidv7(), connectionId } },
    );

  test('is suspended, says so, and goes on when it is resumed', async () => {
    shop.status(500);
    const { variantId, connection } = await listedBrooch();
    const { id } = connection.connection;
    await holds(async () => expect((await status(id)).status).toBe('FAILING'));
    await storefront.rows(`UPDATE connection SET failing_since = now() - interval '73 hours'`);
    await holds(async () => expect((await status(id)).status).toBe('SUSPENDED'));
    shop.answering();
    const asked = shop.received.length;
    const answer = await resume(id);
    expect(answer.data?.['connectionResume'].connection.status).toBe('ACTIVE');
    await holds(async () => expect((await listingsOf(variantId))[0].isDelivered).toBe(true));
    expect(shop.received).toHaveLength(asked + 1);
  });

  test('another tenant cannot resume it', async () => {
    const { connection } = await listedBrooch();
    const answer = await storefront.graphql(
      `mutation ($input: ConnectionPauseInput!) { connectionPause(input: $input) { __typename } }`,
      { input: { idempotencyKey: uuidv7(), connectionId: connection.connection.id } },
      { tenantId: tenantB },
    );
    expect(answer.data).toEqual({ connectionPause: { __typename: 'NotFound' } });
    expect((await status(connection.connection.id)).status).toBe('ACTIVE');
  });
});

describe('listings', () => {
  test('a stale count and a stale product change nothing', async () => {
    const { product, level, variantId } = await listedBrooch();
    await sell(level, 5);
    await storefront.deliver('inventory.stock-level-changed', 'level', { ...level, version: 4 });
    await storefront.deliver('catalog.product-changed', product.productId, {
      ...product,
      status: 'ARCHIVED',
    });
    expect((await listingsOf(variantId))[0]).toMatchObject({ available: 0, isListed: true });
  });

  test('the count comes before the product', async () => {
    const product = brooch();
    const { sku, variantId } = product.variants[0]!;
    await create({ webhook: { url: shop.url } });
    await storefront.deliver('inventory.stock-level-changed', 'level', levelOf(sku));
    await storefront.deliver('catalog.product-changed', product.productId, product);
    expect(await listingsOf(variantId)).toMatchObject([{ available: 1, version: 1 }]);
  });

  test('product and counts meet by the SKU in any case, shown as the catalog writes it', async () => {
    const product = brooch({ variants: [variantOf('Brosche-Ä')] });
    const { variantId } = product.variants[0]!;
    await create({ webhook: { url: shop.url } });
    // The second one is written with an A and a combining diaeresis, as a Mac writes it.
    const levels = [levelOf('BROSCHE-\u00c4'), levelOf('brosche-a\u0308', { available: 2 })];
    for (const level of levels)
      await storefront.deliver('inventory.stock-level-changed', level.stockItemId, level);
    await storefront.deliver('catalog.product-changed', product.productId, product);
    const of = `SELECT sku, available::int FROM listing WHERE variant_id = '${variantId}'`;
    expect(await storefront.rows(of)).toEqual([{ sku: 'Brosche-Ä', available: 3 }]);
    await storefront.deliver('inventory.stock-level-changed', levels[0]!.stockItemId, {
      ...levels[0]!,
      ...{ available: 0, version: 2 },
    });
    expect(await storefront.rows(of)).toEqual([{ sku: 'Brosche-Ä', available: 2 }]);
  });

  test('of a group of counts the newest of each level counts, and each listing changes once', async () => {
    const product = brooch();
    const { sku, variantId } = product.variants[0]!;
    const [here, there] = [levelOf(sku, { available: 9 }), levelOf(sku, { available: 1 })];
    const group = [
      { ...here, version: 3, available: 5 },
      here,
      there,
      { ...here, version: 2, available: 7 },
    ];
    await storefront.deliverGroup('inventory.stock-level-changed', group);
    await create({ webhook: { url: shop.url } });
    await storefront.deliver('catalog.product-changed', product.productId, product);
    expect(await listingsOf(variantId)).toMatchObject([{ available: 6, version: 1 }]);
    const next = { ...there, version: 2, available: 0 };
    await storefront.deliverGroup('inventory.stock-level-changed', [...group, next]);
    expect(await listingsOf(variantId)).toMatchObject([{ available: 5, version: 2 }]);
    expect((await events()).map(({ data }) => data['available'])).toEqual([6, 5]);
  });

  test('a connection that comes last finds everything, at its own locations', async () => {
    const product = brooch();
    const { sku, variantId } = product.variants[0]!;
    await storefront.deliver('catalog.product-changed', product.productId, product);
    for (const [locationCode, available] of [
      ['HQ', 3],
      ['GM', 4],
    ] as const) {
      const level = levelOf(sku, { locationCode, available });
      await storefront.deliver('inventory.stock-level-changed', 'level', level);
    }
    const all = await create({ webhook: { url: shop.url } });
    const one = await create({ webhook: { url: shop.url }, locationCodes: ['GM', 'XX'] });
    expect(all.connection).toMatchObject({ locationCodes: null, locationCodesUnseen: [] });
    expect(one.connection).toMatchObject({ locationCodesUnseen: ['XX'] });
    expect((await listingsOf(variantId)).map((l: any) => l.available)).toEqual([7, 4]);
  });

  test('counts of one SKU at many locations, published side by side, all add up', async () => {
    const product = brooch();
    const { sku, variantId } = product.variants[0]!;
    await create({ webhook: { url: shop.url } });
    const levels = Array.from({ length: 12 }, () => levelOf(sku, { available: 2 }));
    await Promise.all([
      storefront.deliver('catalog.product-changed', product.productId, product),
      ...levels.map((level) => storefront.deliver('inventory.stock-level-changed', 'level', level)),
      ...Array.from({ length: 3 }, () => create({ webhook: { url: shop.url } })),
    ]);
    const available = (await listingsOf(variantId)).map((l: any) => l.available);
    expect(available).toEqual([24, 24, 24, 24]);
  });

  test('an archived product is taken off, and so is a variant that its product lost', async () => {
    const product = brooch();
    const lost = variantOf(`${product.variants[0]!.sku}-B`);
    product.variants.push(lost);
    const kept = product.variants[0]!;
    await create({ webhook: { url: shop.url } });
    await storefront.deliver('catalog.product-changed', product.productId, product);
    expect(await listingsOf(lost.variantId)).toMatchObject([{ isListed: true }]);
    const smaller = { ...product, version: 2, variants: [kept] };
    await storefront.deliver('catalog.product-changed', product.productId, smaller);
    expect(await listingsOf(lost.variantId)).toMatchObject([{ isListed: false, version: 2 }]);
    const archived = { ...smaller, version: 3, status: 'ARCHIVED' as const };
    await storefront.deliver('catalog.product-changed', product.productId, archived);
    expect(await listingsOf(kept.variantId)).toMatchObject([{ isListed: false, version: 2 }]);
  });

  test.each([...variantMoveOrders.split, ...variantMoveOrders.merge])(
    'a variant that goes to another product and back is listed by the one that has it: %s',
    async (order) => {
      const { events: told, goes, ownerId, fullTitle } = variantMove(order);
      await create({ webhook: { url: shop.url } });
      for (const data of told) {
        await storefront.deliver('catalog.product-changed', data.productId, data);
      }
      const listings = await storefront.rows(
        'SELECT product_id AS "ownerId", title, is_listed AS "isListed" FROM listing WHERE variant_id = $1',
        [goes.variantId],
      );
      expect(listings).toEqual([{ ownerId, title: fullTitle, isListed: true }]);
    },
  );

  test('an unlisted product is offered in no list, and is when it is listed again', async () => {
    const product = brooch({ isUnlisted: true });
    const { variantId } = product.variants[0]!;
    await create({ webhook: { url: shop.url } });
    await storefront.deliver('catalog.product-changed', product.productId, product);
    expect(await listingsOf(variantId)).toEqual([]);
    const listed = { ...product, version: 2, isUnlisted: false };
    await storefront.deliver('catalog.product-changed', product.productId, listed);
    expect(await listingsOf(variantId)).toMatchObject([{ isListed: true }]);
    const again = { ...product, version: 3 };
    await storefront.deliver('catalog.product-changed', product.productId, again);
    expect(await listingsOf(variantId)).toMatchObject([{ isListed: false }]);
  });

  test('stock that goes on under another SKU leaves the listing of the former one', async () => {
    const [old, next] = [brooch(), brooch()];
    const [a, b] = [old.variants[0]!, next.variants[0]!];
    await create({ webhook: { url: shop.url } });
    for (const product of [old, next])
      await storefront.deliver('catalog.product-changed', product.productId, product);
    const level = levelOf(a.sku, { available: 4 });
    await storefront.deliver('inventory.stock-level-changed', level.stockItemId, level);
    const moved = { ...level, sku: b.sku, version: 2 };
    await storefront.deliver('inventory.stock-level-changed', level.stockItemId, moved);
    expect(await listingsOf(a.variantId)).toMatchObject([{ available: 0 }]);
    expect(await listingsOf(b.variantId)).toMatchObject([{ available: 4 }]);
  });

  test('two variants may exchange their SKUs', async () => {
    const product = brooch();
    const [one, two] = [product.variants[0]!, variantOf('OTHER-SKU')];
    await create({ webhook: { url: shop.url } });
    const both = { ...product, variants: [one, two] };
    await storefront.deliver('catalog.product-changed', product.productId, both);
    await storefront.deliver('inventory.stock-level-changed', 'level', levelOf(one.sku));
    const exchanged = [
      { ...one, sku: two.sku },
      { ...two, sku: one.sku },
    ];
    const next = { ...product, version: 2, variants: exchanged };
    await storefront.deliver('catalog.product-changed', product.productId, next);
    expect(await listingsOf(one.variantId)).toMatchObject([{ sku: two.sku, available: 0 }]);
    expect(await listingsOf(two.variantId)).toMatchObject([{ sku: one.sku, available: 1 }]);
  });

  test('a draft is not listed; a service is listed without a count; a photo can be required', async () => {
    await create({ webhook: { url: shop.url }, requiresPhoto: true });
    const draft = brooch({ status: 'DRAFT' });
    const bare = brooch();
    const media = [{ url: 'https://shop.test/a.jpg', position: 1 }];
    const service = brooch({ media, variants: [variantOf('RESIZE', { tracking: 'NONE' })] });
    for (const product of [draft, bare, service]) {
      await storefront.deliver('catalog.product-changed', product.productId, product);
    }
    expect(await listingsOf(draft.variants[0]!.variantId)).toEqual([]);
    expect(await listingsOf(bare.variants[0]!.variantId)).toEqual([]);
    expect(await listingsOf(service.variants[0]!.variantId)).toMatchObject([
      { isListed: true, isTracked: false, available: null },
    ]);
  });
});

describe('connectionCreate', () => {
  test.each([
    ['http://shop.test/hook', 'webhook.url must begin with https://.'],
    ['ftp://shop.test/hook', 'webhook.url must begin with https://.'],
    ['https://10.0.0.1/hook', 'webhook.url must not point into a private network.'],
    ['https://169.254.169.254/latest', 'webhook.url must not point into a private network.'],
    ['https://[fd00::1]/hook', 'webhook.url must not point into a private network.'],
    ['https://[::ffff:10.0.0.1]/hook', 'webhook.url must not point into a private network.'],
    ['https://0x0a000001/hook', 'webhook.url must not point into a private network.'],
    ['https://user:secret@shop.test/', 'webhook.url must not carry a name or a password.'],
    ['nonsense', 'webhook.url must be a URL.'],
  ])('refuses %s', async (url, message) => {
    const answer = await create({ webhook: { url } });
    expect(answer).toEqual({
      ...{ __typename: 'InvalidInput', code: 'INVALID_INPUT', field: 'webhook.url', message },
    });
    expect(await storefront.rows('SELECT FROM connection')).toHaveLength(0);
  });

  test('answers the same key alike, with its secret, and another input not at all', async () => {
    const input = { idempotencyKey: 'key-1', name: 'Web shop', webhook: { url: shop.url } };
    const [first, second] = await Promise.all([create(input), create(input)]);
    expect(first.webhookSecret).toMatch(/^whsec_[\w-]{43}$/);
    expect(second).toEqual(first);
    expect(await create({ ...input, name: 'Another' })).toEqual({
      ...{ __typename: 'IdempotencyKeyReused', code: 'IDEMPOTENCY_KEY_REUSED' },
      idempotencyKey: 'key-1',
    });
    expect(await create({ name: 'Web shop', webhook: { url: shop.url } })).toMatchObject({
      ...{ __typename: 'InvalidInput', code: 'NAME_TAKEN', field: 'name' },
    });
    expect(await storefront.rows('SELECT FROM connection')).toHaveLength(1);
    const kept = await storefront.rows('SELECT response::text AS text FROM idempotency_record');
    expect(kept.map(({ text }) => text).join()).not.toContain('whsec_');
  });

  test('needs its scope, and shows nothing to another tenant', async () => {
    const { variantId, connection } = await listedBrooch();
    const refused = await storefront.graphql(
      '{ connections { id } }',
      {},
      { scopes: 'sale:write' },
    );
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const other = await storefront.graphql(
      'query ($id: ID!) { connection(id: $id) { id } connections { id } }',
      { id: connection.connection.id },
      { tenantId: tenantB },
    );
    expect(other.data).toEqual({ connection: null, connections: [] });
    expect(await listingsOf(variantId, { tenantId: tenantB })).toEqual([]);
  });
});
