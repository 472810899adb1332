import { createSubgraphServer, type SubgraphServer } from '@onecount/graphql';
import { impliedScopes } from '@onecount/identity';
import { createOutboxRelay, type OutboxRelay } from '@onecount/messaging';
import { createLogger } from '@onecount/telemetry';
import {
  eventually,
  openLiveStream,
  testTransport,
  type LiveClient,
  type TestDatabase,
  type TestTransport,
} from '@onecount/testing';
import { publishChanges } from '../../kernel/level/level.publisher.ts';
import { configSchema } from '../../config.ts';
import { definition } from '../../service.ts';
import { productChanged, variantOf } from '../../../test/product-event.ts';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';

const log = createLogger({ service: 'inventory', level: 'silent' });
const settings = {
  ...{ PORT: '1', DATABASE_URL: 'postgres://a:b@localhost/c', NODE_ENV: 'test' },
  ...{ INTERNAL_TRUSTED_KEYS: '{"keys":[]}', LIVE_STREAMS_MAX: '1200' },
};

describe.each(['kafka', 'embedded'] as const)('live counts over %s', (mode) => {
  let database: TestDatabase;
  let transport: TestTransport;
  let relay: OutboxRelay;
  let server: SubgraphServer;
  let url: string;
  let room: StockRoom;
  let stopTasks: () => Promise<void>;
  const clients: LiveClient[] = [];

  beforeAll(async () => {
    database = await openTestDatabase();
    transport = await testTransport(mode);
    relay = createOutboxRelay({ db: database.db, transport, service: 'inventory' });
    relay.start();
    const unasked = async (): Promise<never> => {
      throw new Error('inventory calls nobody');
    };
    // The token is the caller itself: what identity does has tests of its own.
    const verifyInternalToken = async (token = '') => {
      const [tenantId = '', scopes = ''] = token.split('|');
      return {
        ...{ tenantId, subject: 'tester', issuer: 'gateway' },
        scopes: impliedScopes(scopes.split(',')),
      };
    };
    const parts = await definition.start({
      ...{ config: configSchema.parse(settings), db: database.db, log, signer: undefined },
      ...{
        backgroundLog: log,
        client: unasked as never,
        wakeRelay: relay.wake,
        verifyInternalToken,
      },
      tail: transport.tail,
    });
    server = await createSubgraphServer({
      name: 'inventory',
      typeDefs: [definition.typeDefs()],
      resolvers: parts.resolvers,
      verifyInternalToken,
      log,
      routes: parts.routes,
    });
    const isOurs = ({ name }: { name: string }) => /^live|^level/.test(name);
    const tasks = parts.background!.filter(isOurs);
    for (const task of tasks) await task.start();
    stopTasks = async () => {
      for (const task of tasks) await task.stop();
    };
    url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/live/stock`;
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(async () => {
    await stopTasks();
    await server.close();
    await relay.stop();
    await transport.close();
    await database.drop();
  });

  async function follow(
    body: object,
    { scopes = 'stock:read', tenantId = room.tenantId } = {},
  ): Promise<LiveClient> {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${tenantId}|${scopes}`,
    };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const client = await openLiveStream(url, init);
    clients.push(client);
    return client;
  }
  const ready = (client: LiveClient) =>
    eventually(() => client.events.some(({ event }) => event === 'ready'));
  const stockOf = (client: LiveClient) =>
    client.events.filter(({ event }) => event === 'stock').map(({ data }) => data);
  const skusOf = (client: LiveClient) =>
    [...new Set(stockOf(client).map(({ sku }) => sku as string))].sort();
  const sees = (client: LiveClient, expected: object) =>
    eventually(async () => {
      // As who changes stock in this process does.
      if ((await publishChanges(database.db)) > 0) relay.wake();
      // The newest of that item: news of another may come behind it.
      const { sku } = { sku: stockOf(client).at(-1)?.['sku'] as string, ...expected };
      expect(stockOf(client).findLast((data) => data['sku'] === sku)).toMatchObject(expected);
      return true;
    });

  it('sends the count as it is, then each change, to staff with its places', async () => {
    const { id } = await room.stocked('RING', 5);
    const client = await follow({ skus: ['ring'] });
    await ready(client);
    const [shown, ...repeated] = stockOf(client);
    expect(shown).toEqual({
      ...{ stockItemId: id, sku: 'RING', variantId: expect.any(String), tracking: 'QUANTITY' },
      ...{ onHand: 5, committed: 0, available: 5, version: expect.any(Number) },
      levels: [
        {
          ...{ locationId: room.places.HQ, locationCode: 'HQ', onHand: 5, committed: 0 },
          ...{ available: 5, version: expect.any(Number) },
        },
      ],
    });
    // A state may come twice: in the snapshot, and as the event of what it has already.
    for (const state of repeated) expect(state).toEqual(shown);
    expectDone(await room.hold({ sku: 'RING' }));
    await sees(client, { onHand: 5, committed: 1, available: 4 });
    await room.receive({ sku: 'RING', quantity: 2 }, 'GM');
    await sees(client, { onHand: 7, available: 6, levels: [{ locationCode: 'GM' }, {}] });
    const versions = stockOf(client).map(({ version }) => version as number);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it('tells another tenant nothing, under the same SKU and with the id of the location', async () => {
    await room.stocked('RING', 5);
    const other = await openStockRoom(database);
    await other.stocked('RING', 9);
    const theirs = await follow({ skus: ['RING'] }, { tenantId: other.tenantId });
    const mine = await follow({ skus: ['RING'] });
    await ready(theirs);
    expectDone(await room.hold({ sku: 'RING' }));
    await sees(mine, { available: 4 });
    expectDone(await other.hold({ sku: 'RING' }));
    await sees(theirs, { available: 8 });
    expect(new Set(stockOf(theirs).map(({ onHand }) => onHand))).toEqual(new Set([9]));
    const refused = follow({ location: room.places.HQ }, { tenantId: other.tenantId });
    await expect(refused).rejects.toThrow(/400 .*BAD_USER_INPUT/);
  });

  it('shows a publishable token what is available of what is on sale, over all places', async () => {
    await room.stocked('RING', 5);
    await room.stocked('HIDDEN', 5);
    await room.putOnSale('RING');
    const client = await follow({ skus: ['RING', 'HIDDEN'] }, { scopes: 'shop:read' });
    await ready(client);
    await room.receive({ sku: 'HIDDEN', quantity: 2 }, 'GM');
    await room.receive({ sku: 'RING', quantity: 2 }, 'GM');
    await sees(client, { available: 7 });
    for (const data of stockOf(client)) {
      expect(Object.keys(data).sort()).toEqual([
        'available',
        'onSale',
        'sku',
        'tracking',
        'variantId',
        'version',
      ]);
      expect(data['sku']).toBe('RING');
    }
    const byPlace = follow({ location: 'HQ' }, { scopes: 'shop:read' });
    await expect(byPlace).rejects.toThrow(/403 .*FORBIDDEN/);
    await expect(follow({ skus: ['RING'] }, { scopes: 'sale:read' })).rejects.toThrow(/^403/);
  });

  it('tells a public shop that an item left the sale, once, and when it comes back', async () => {
    const ring = variantOf();
    await productChanged(room, 1, [ring]);
    await room.receive({ sku: 'RING', quantity: 5 });
    const client = await follow({ skus: ['RING'] }, { scopes: 'shop:read' });
    await ready(client);
    await productChanged(room, 2, [{ ...ring, isActive: false }]);
    await sees(client, { onSale: false, available: 0 });
    const told = stockOf(client).length;
    await room.receive({ sku: 'RING', quantity: 2 });
    await publishChanges(database.db);
    await productChanged(room, 3, [ring]);
    await sees(client, { onSale: true, available: 7 });
    expect(
      stockOf(client)
        .slice(told)
        .map(({ onSale }) => onSale),
    ).not.toContain(false);
    await productChanged(room, 4, [], { removedVariantIds: [ring.variantId] });
    await sees(client, { onSale: false, available: 0 });
  });

  it('follows a location, and only it', async () => {
    for (const sku of ['A', 'B']) await room.stocked(sku, 3);
    const client = await follow({ location: 'hq' });
    await ready(client);
    expect(
      stockOf(client)
        .map(({ sku }) => sku as string)
        .sort(),
    ).toEqual(['A', 'B']);
    await room.receive({ sku: 'A', quantity: 1 });
    await sees(client, { sku: 'A', onHand: 4 });
    const before = stockOf(client).length;
    await room.receive({ sku: 'A', quantity: 9 }, 'GM');
    await room.receive({ sku: 'B', quantity: 1 });
    await sees(client, { sku: 'B', onHand: 4, levels: [{ locationCode: 'HQ', onHand: 4 }] });
    expect(
      new Set(
        stockOf(client)
          .slice(before)
          .map(({ sku }) => sku),
      ),
    ).toEqual(new Set(['B']));
  });

  it('gives who comes back the newest state, and of a location only what changed since', async () => {
    await room.stocked('OLD', 3);
    await room.stocked('NEW', 3);
    await room.write("UPDATE level SET updated_at = updated_at - interval '1 day'");
    const first = await follow({ location: 'HQ' });
    await ready(first);
    const { id } = first.events.at(-1)!;
    expect(id).toMatch(/^\d{13}$/);
    first.close();
    expectDone(await room.hold({ sku: 'NEW' }));
    expectDone(await room.hold({ sku: 'NEW' }));
    const second = await follow({ location: 'HQ', lastEventId: id });
    await ready(second);
    expect(skusOf(second)).toEqual(['NEW']);
    expect(stockOf(second)[0]).toMatchObject({ available: 1 });
    const whole = await follow({ location: 'HQ', lastEventId: 'from another server' });
    await ready(whole);
    expect(skusOf(whole)).toEqual(['NEW', 'OLD']);
    const bySku = await follow({ skus: ['NEW', 'OLD'], lastEventId: id });
    await ready(bySku);
    expect(skusOf(bySku)).toEqual(['NEW', 'OLD']);
  });

  it.each<[object, string]>([
    [{}, 'Give sku, product or location.'],
    [{ skus: ['a b'] }, 'sku must be'],
    [{ skus: Array(101).fill('S') }, 'at most 100 SKUs'],
    [{ location: 'NOWHERE' }, 'There is no location NOWHERE.'],
  ])('refuses what it cannot follow: %#', async (body, message) => {
    await expect(follow(body)).rejects.toThrow(new RegExp(`400 .*${message}`));
  });

  // The clients are the same whatever brings the news.
  const once = mode === 'embedded' ? it : () => undefined;
  once('tells a thousand clients, and has no place for more than it may', async () => {
    await room.stocked('RING', 5);
    const many: LiveClient[] = [];
    // A hundred at once: a server takes no more than 511 connections that it has not looked at yet.
    for (let group = 0; group < 10; group += 1)
      many.push(
        ...(await Promise.all(Array.from({ length: 100 }, () => follow({ skus: ['RING'] })))),
      );
    await Promise.all(many.map(ready));
    expectDone(await room.hold({ sku: 'RING' }));
    await Promise.all(many.map((client) => sees(client, { available: 4 })));
    const rest = await Promise.allSettled(
      Array.from({ length: 201 }, () => follow({ skus: ['RING'] })),
    );
    expect(rest.filter(({ status }) => status === 'rejected')).not.toHaveLength(0);
  });
});
