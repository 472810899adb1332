import { randomUUID } from 'node:crypto';
import { buildSubgraph, createContext, type Resolvers } from '@onecount/graphql';
import type { TestDatabase } from '@onecount/testing';
import { graphql, type GraphQLSchema } from 'graphql';
import type { Config } from '../src/config.ts';
import { definition } from '../src/service.ts';
import { openStockRoom, openTestDatabase, type StockRoom } from './stock-room.ts';

const silent = { info() {}, warn() {}, error() {}, debug() {}, child: () => silent } as never;

describe('the subgraph', () => {
  let database: TestDatabase;
  let schema: GraphQLSchema;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
    const config = {
      DATABASE_POOL_MAX: 10,
      LEVEL_PUBLISH_MS: 100,
      HOLD_SWEEP_MS: 500,
      INTERNAL_TRUSTED_KEYS: { keys: [] as unknown[] },
    } as Config;
    const deps = {
      config,
      db: database.db,
      log: silent,
      backgroundLog: silent,
      wakeRelay: () => undefined,
    };
    const { resolvers } = await definition.start(deps as never);
    schema = buildSubgraph({
      typeDefs: [definition.typeDefs()],
      resolvers: resolvers as Resolvers,
    });
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  async function ask(
    source: string,
    variableValues: Record<string, unknown> = {},
    { tenantId = room.tenantId, scopes = ['stock:write', 'stock:read'] } = {},
  ) {
    const caller = { tenantId, subject: 'tester', scopes: new Set(scopes), issuer: 'gateway' };
    const contextValue = createContext({ caller, requestId: 'r', log: silent });
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    const plain = JSON.parse(JSON.stringify(data ?? null)) as any;
    return { data: plain, codes: (errors ?? []).map(({ extensions }) => extensions['code']) };
  }

  it('keeps a batch, chooses its unit, lets go of a part and lists what became of the holds', async () => {
    await room.pieces('PHONE', 'S1', 'S2');
    await room.stocked('RING', 5);
    const lines = [{ sku: 'PHONE' }, { sku: 'RING', quantity: 3 }];
    const input = { lines, referenceKind: 'LAY_BY', referenceId: 'LB-7', idempotencyKey: 'b' };
    const batch = await ask(
      `mutation ($input: HoldBatchCreateInput!) { holdBatchCreate(input: $input) { __typename
         ... on HoldBatchCreateSuccess { holds { id kind purpose } }
         ... on HoldBatchRefused { code message reasons { index sku code message requested available } } } }`,
      { input },
    );
    expect(batch.codes).toEqual([]);
    const [phone, ring] = batch.data.holdBatchCreate.holds as { id: string }[];
    expect(phone).toMatchObject({ kind: 'SOFT', purpose: 'BASKET' });
    const changed = await ask(
      `mutation ($phone: ID!, $ring: ID!) {
         holdAllocate(input: { holdId: $phone, units: [{ serial: "S2" }], idempotencyKey: "a" }) {
           ... on HoldAllocateSuccess { holds { id serialUnit { serial } } } }
         holdReallocate(input: { holdId: $phone, unit: { serial: "S1" }, idempotencyKey: "r" }) {
           ... on HoldReallocateSuccess { hold { id serialUnit { serial } } } }
         holdHarden(input: { holdId: $phone, idempotencyKey: "h" }) {
           ... on HoldHardenSuccess { hold { kind expiresAt } } }
         holdExtend(input: { holdId: $ring, holdSeconds: 3600, idempotencyKey: "e" }) {
           ... on HoldExtendSuccess { hold { id } } }
         holdRelease(input: { holdId: $ring, quantity: 1, idempotencyKey: "p" }) {
           ... on HoldReleaseSuccess { hold { quantity } released { quantity status splitFrom { id } } } }
       }`,
      { phone: phone!.id, ring: ring!.id },
    );
    expect(changed).toEqual({
      codes: [],
      data: {
        holdAllocate: { holds: [{ id: phone!.id, serialUnit: { serial: 'S2' } }] },
        holdReallocate: { hold: { id: phone!.id, serialUnit: { serial: 'S1' } } },
        holdHarden: { hold: { kind: 'HARD', expiresAt: null } },
        holdExtend: { hold: { id: ring!.id } },
        holdRelease: {
          hold: { quantity: 2 },
          released: { quantity: 1, status: 'RELEASED', splitFrom: { id: ring!.id } },
        },
      },
    });
    const listed = await ask(
      `query ($after: String) { holds(first: 3, after: $after, filter: { referenceKind: "LAY_BY", referenceId: "LB-7" }) {
         nodes { status quantity subject } pageInfo { hasNextPage endCursor } } }`,
    );
    expect(listed.data.holds.nodes.map(({ status }: { status: string }) => status).sort()).toEqual([
      'LIVE',
      'RELEASED',
      'RELEASED',
    ]);
    expect(listed.data.holds.pageInfo.hasNextPage).toBe(true);
    const rest = await ask(
      `query ($after: String) { holds(after: $after, filter: { referenceId: "LB-7" }) { nodes { status } } }`,
      { after: listed.data.holds.pageInfo.endCursor },
    );
    expect(rest.data.holds.nodes).toEqual([{ status: 'LIVE' }]);
    const bad = await ask(`{ holds(filter: { stockItemId: "no id" }) { nodes { id } } }`);
    expect(bad.codes).toEqual(['BAD_USER_INPUT']);
    const other = await openStockRoom(database);
    const theirs = await ask(`{ holds { nodes { id } } }`, {}, other);
    expect(theirs.data.holds.nodes).toEqual([]);
    await room.assertSums();
  });

  it('shows an item with its levels, units, ledger, holds and the arithmetic behind them', async () => {
    await room.pieces('BROOCH', 'S1', 'S2');
    const saleId = randomUUID();
    const item = (await room.stockItems.find(room.caller, { sku: 'BROOCH' }))!;
    await room.apply(saleId, [
      { lineId: randomUUID(), stockItemId: item.id, sku: 'BROOCH', quantity: 1 },
    ]);
    await ask(`mutation ($input: HoldCreateInput!) { holdCreate(input: $input) { __typename } }`, {
      input: { sku: 'BROOCH', serial: 'S2', idempotencyKey: 'k' },
    });
    const { data, codes } = await ask(`{
      stockItem(sku: "BROOCH") {
        sku title tracking onHand committed available variant { id }
        levels { location { code } onHand committed available }
        units(first: 1) { nodes { serial status } pageInfo { hasNextPage endCursor } }
        movements(first: 10) { nodes { quantity reason referenceId resultingOnHand serialUnit { serial } unitCost { amount } } }
        holds { nodes { kind status purpose subject quantity serialUnit { serial } location { code } expiresAt } }
        explain {
          location { code } onHand committed available isConsistent check holdCount
          movementsByReason { reason quantity count }
          recentMovements { reason quantity } holds { serialUnit { serial } } expiredHolds { id }
          soldUnits { serial status soldAt }
        }
      }
    }`);
    expect(codes).toEqual([]);
    const { explain, holds, movements, units, ...rest } = data.stockItem;
    expect(rest).toEqual({
      sku: 'BROOCH',
      title: 'The BROOCH',
      tracking: 'SERIAL',
      onHand: 1,
      committed: 1,
      available: 0,
      variant: { id: item.variantId },
      levels: [{ location: { code: 'HQ' }, onHand: 1, committed: 1, available: 0 }],
    });
    expect(units.nodes).toEqual([{ serial: 'S1', status: 'SOLD' }]);
    expect(units.pageInfo.hasNextPage).toBe(true);
    expect(movements.nodes.map((row: { quantity: number }) => row.quantity)).toEqual([-1, 1, 1]);
    expect(movements.nodes[0]).toMatchObject({ reason: 'SALE', referenceId: saleId });
    expect(holds.nodes).toEqual([
      expect.objectContaining({ kind: 'SOFT', purpose: 'BASKET', serialUnit: { serial: 'S2' } }),
    ]);
    expect(explain).toEqual([
      {
        location: { code: 'HQ' },
        onHand: 1,
        committed: 1,
        available: 0,
        isConsistent: true,
        check: '1 by movements − 1 by live holds = 0; the level agrees.',
        holdCount: 1,
        movementsByReason: [
          { reason: 'RECEIPT', quantity: 2, count: 2 },
          { reason: 'SALE', quantity: -1, count: 1 },
        ],
        recentMovements: [
          { reason: 'SALE', quantity: -1 },
          { reason: 'RECEIPT', quantity: 1 },
          { reason: 'RECEIPT', quantity: 1 },
        ],
        holds: [{ serialUnit: { serial: 'S2' } }],
        expiredHolds: [],
        soldUnits: [{ serial: 'S1', status: 'SOLD', soldAt: expect.any(String) }],
      },
    ]);
    const next = await ask(
      `query ($after: String) { stockItem(sku: "BROOCH") { units(first: 1, after: $after) { nodes { serial } } } }`,
      { after: units.pageInfo.endCursor },
    );
    expect(next.data.stockItem.units.nodes).toEqual([{ serial: 'S2' }]);
  });

  it('resolves Variant, StockItem by id and SKU, SerialUnit and Location for other subgraphs', async () => {
    const { item, unitIds } = await room.pieces('BROOCH', 'S1');
    const representations = [
      { __typename: 'Variant', id: item.variantId },
      { __typename: 'StockItem', id: item.id },
      { __typename: 'StockItem', sku: 'BROOCH' },
      { __typename: 'StockItem', sku: 'BRO\0CH' },
      { __typename: 'SerialUnit', id: unitIds[0] },
      { __typename: 'Location', id: room.places.HQ },
      { __typename: 'SerialUnit', id: randomUUID() },
    ];
    const source = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Variant { stock { sku available } } ... on StockItem { sku } ... on SerialUnit { serial stockItem { sku } }
      ... on Location { code } } }`;
    const own = await ask(source, { representations });
    expect(own.data._entities).toEqual([
      { stock: { sku: 'BROOCH', available: 1 } },
      { sku: 'BROOCH' },
      { sku: 'BROOCH' },
      null,
      { serial: 'S1', stockItem: { sku: 'BROOCH' } },
      { code: 'HQ' },
      null,
    ]);
    const foreign = await ask(source, { representations }, { tenantId: randomUUID() });
    expect(foreign.data._entities).toEqual([{ stock: null }, null, null, null, null, null, null]);
  });

  it('shows a public shop what is available and nothing of why', async () => {
    await room.stocked('RING', 3);
    const shop = { scopes: ['shop:read', 'shop:hold'] };
    const hidden = { query: '{ stockItem(sku: "RING") { sku } }', data: { stockItem: null } };
    expect((await ask(hidden.query, {}, shop)).data).toEqual(hidden.data);
    await room.putOnSale('RING');
    const open = await ask('{ stockItem(sku: "RING") { sku tracking available } }', {}, shop);
    expect(open).toEqual({
      data: { stockItem: { sku: 'RING', tracking: 'QUANTITY', available: 3 } },
      codes: [],
    });
    const walled = [
      'onHand',
      'committed',
      'levels { available }',
      'movements { nodes { id } }',
      'holds { nodes { id } }',
      'units { nodes { id } }',
      'explain { check }',
    ];
    for (const field of walled) {
      const { codes } = await ask(`{ stockItem(sku: "RING") { ${field} } }`, {}, shop);
      expect([field, codes]).toEqual([field, ['FORBIDDEN']]);
    }
    for (const root of ['locations { nodes { id } }', 'serialUnit(id: "x") { id }'])
      expect((await ask(`{ ${root} }`, {}, shop)).codes).toEqual(['FORBIDDEN']);
    const hold = `mutation ($input: HoldCreateInput!) { holdCreate(input: $input) { __typename
      ... on HoldCreateSuccess { hold { expiresAt quantity } } ... on UserError { code message } } }`;
    const input = { sku: 'RING', idempotencyKey: 'shop' };
    const held = await ask(hold, { input }, shop);
    expect(held.data.holdCreate).toMatchObject({ __typename: 'HoldCreateSuccess' });
  });

  it('takes commands between services from the services alone', async () => {
    const commands = [
      'saleClaim(input: { saleId: "x", lines: [] }) { __typename }',
      'saleRelease(input: { saleId: "x" }) { __typename }',
      'saleHoldPlace(input: { saleId: "x", lineId: "x", channel: "WEB", subject: "s", sku: "RING" }) { __typename }',
      'saleLineHoldsRenew(input: { saleId: "x", holdSeconds: 1 }) { saleId }',
      'saleHoldRelease(input: { saleId: "x", lineId: "x" }) { __typename }',
      'stockItemsRegister(input: { items: [] }) { __typename }',
      'openingStockReceive(input: { idempotencyKey: "k", lines: [] }) { __typename }',
    ];
    for (const command of commands) {
      const { codes } = await ask(`mutation { ${command} }`, {}, { scopes: ['admin'] });
      expect([command, codes]).toEqual([command, ['FORBIDDEN']]);
    }
    const asked = await ask('{ stockUses(variantId: "x") { onHand } }', {}, { scopes: ['admin'] });
    expect(asked.codes).toEqual(['FORBIDDEN']);
    const pos = { scopes: ['service:pos'] };
    const sku = 'RING';
    await room.stocked(sku, 3);
    const item = (await room.stockItems.find(room.caller, { sku }))!;
    const [saleId, lineId] = [randomUUID(), randomUUID()];
    const placed = await ask(
      `mutation ($input: SaleHoldPlaceInput!) { saleHoldPlace(input: $input) { __typename
         ... on SaleHoldPlaceSuccess { sku title tracking quantity locationCode serialUnitId } } }`,
      { input: { saleId, lineId, sku, quantity: 2, channel: 'COUNTER', subject: 'clerk' } },
      pos,
    );
    expect(placed.data.saleHoldPlace).toEqual({
      __typename: 'SaleHoldPlaceSuccess',
      sku,
      title: 'The RING',
      tracking: 'QUANTITY',
      quantity: 2,
      locationCode: 'HQ',
      serialUnitId: null,
    });
    const claimed = await ask(
      `mutation ($input: SaleClaimInput!) { saleClaim(input: $input) { __typename
         ... on SaleClaimed { lines { lineId locationCode serialUnitId units { serial } } }
         ... on SaleClaimRefused { reasons { code message } } } }`,
      { input: { saleId, lines: [{ lineId, stockItemId: item.id, sku, quantity: 2 }] } },
      pos,
    );
    expect(claimed.data.saleClaim).toEqual({
      __typename: 'SaleClaimed',
      lines: [{ lineId, locationCode: 'HQ', serialUnitId: null, units: [] }],
    });
    const used = await ask(
      'query ($id: ID!) { stockUses(variantId: $id) { onHand holdsTotal holds { expiresAt saleId } } }',
      { id: item.variantId },
      { scopes: ['service:catalog'] },
    );
    const holds = [{ expiresAt: null, saleId }];
    expect(used.data.stockUses).toEqual({ onHand: 3, holdsTotal: 1, holds });
    const found = await ask('{ locationForSale(code: "HQ") { id isActive } }', {}, pos);
    expect(found.data.locationForSale).toEqual({ id: room.places.HQ, isActive: true });
  });

  it('creates a location once, and says when its code is taken or unfit', async () => {
    const create = (input: object) =>
      ask(
        `mutation ($input: LocationCreateInput!) { locationCreate(input: $input) { __typename
           ... on LocationCreateSuccess { location { id code } } ... on UserError { code message }
           ... on LocationCodeTaken { locationCode } ... on InvalidInput { field } } }`,
        { input },
      ).then(({ data }) => data.locationCreate);
    const input = { code: 'HM', name: 'Home', idempotencyKey: 'hm' };
    const first = await create(input);
    expect(first.location.code).toBe('HM');
    expect(await create(input)).toEqual(first);
    expect(await create({ ...input, name: 'Other' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await create({ ...input, idempotencyKey: 'hm2' })).toMatchObject({
      code: 'LOCATION_CODE_TAKEN',
      locationCode: 'HM',
    });
    expect(await create({ ...input, code: 'h m' })).toMatchObject({ field: 'code' });
  });

  it('counts the locations of the tenant beside any page of them', async () => {
    const { data } = await ask(
      '{ locations(first: 1) { totalCount } all: locations { nodes { id } } }',
    );
    expect(data['locations']).toEqual({ totalCount: data['all'].nodes.length });
    expect(data['all'].nodes.length).toBeGreaterThan(1);
  });

  it('refuses a query that names nothing, both or a broken cursor', async () => {
    const codes = async (source: string) => (await ask(source)).codes;
    expect(await codes('{ stockItem { id } }')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('{ stockItem(id: "x", sku: "y") { id } }')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('{ serialUnit(sku: "x") { id } }')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('{ locations(first: 101) { nodes { id } } }')).toEqual(['BAD_USER_INPUT']);
    await room.stocked('RING', 1);
    expect(
      await codes('{ stockItem(sku: "RING") { movements(after: "x") { nodes { id } } } }'),
    ).toEqual(['BAD_USER_INPUT']);
    expect((await ask('{ stockItem(id: "no id") { id } }')).data).toEqual({ stockItem: null });
  });
});
