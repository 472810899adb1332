import { randomUUID } from 'node:crypto';
import { buildSubgraph, createContext, type Resolvers } from '@onecount/graphql';
import type { TestDatabase } from '@onecount/testing';
import { graphql, type GraphQLSchema } from 'graphql';
import type { Config } from '../src/config.ts';
import { definition } from '../src/service.ts';
import { openStockRoom, openTestDatabase, type StockRoom } from './stock-room.ts';

const silent = { info() {}, warn() {}, error() {}, debug() {}, child: () => silent } as never;
type Answer = { __typename: string; [field: string]: any };
/** What came back: the answer of the mutation, or the codes of the errors that kept it from starting. */
type Asked = { answer: Answer | null; codes: unknown[] };

describe('bad input', () => {
  let database: TestDatabase;
  let schema: GraphQLSchema;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
    const config = { DATABASE_POOL_MAX: 10, LEVEL_PUBLISH_MS: 100, HOLD_SWEEP_MS: 500 } as Config;
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
    await room.stocked('RING', 5);
    await room.pieces('BROOCH', 'S1', 'S2');
    await room.pieces('WATCH', 'W1');
  });
  afterAll(() => database.drop());

  const inputTypes: Record<string, string> = {
    itemIncomeAdd: 'ItemMoneyAddInput',
  };

  async function ask(mutation: string, input: object, select = ''): Promise<Asked> {
    const type = inputTypes[mutation] ?? `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename
      ... on UserError { code message } ${select} } }`;
    const scopes = new Set(['stock:write', 'stock:read']);
    const caller = { tenantId: room.tenantId, subject: 'tester', scopes, issuer: 'gateway' };
    const contextValue = createContext({ caller, requestId: 'r', log: silent });
    const variableValues = { input: { idempotencyKey: randomUUID(), ...input } };
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    const answer = data ? (JSON.parse(JSON.stringify(data))[mutation] as Answer) : null;
    return { answer, codes: (errors ?? []).map(({ extensions }) => extensions['code']) };
  }

  /** Refused so, by type, and nothing is written: not even the key, so that the corrected call may use it. */
  async function expectRefused(mutation: string, input: object, refusal: string): Promise<Answer> {
    const before = await room.footprint();
    const { answer, codes } = await ask(mutation, input);
    expect([codes, answer?.__typename]).toEqual([[], refusal]);
    expect(answer!['message'].length).toBeGreaterThan(0);
    expect(await room.footprint()).toEqual(before);
    return answer!;
  }

  const held = async (input: object): Promise<string> => {
    const select = '... on HoldCreateSuccess { hold { id } }';
    return (await ask('holdCreate', input, select)).answer!['hold'].id;
  };

  describe('a quantity', () => {
    const withQuantity: [string, (quantity: number) => object, string, string][] = [
      ['holdCreate', (quantity) => ({ sku: 'RING', quantity }), 'InvalidInput', 'InvalidInput'],
      [
        'holdBatchCreate',
        (quantity) => ({ lines: [{ sku: 'RING' }, { sku: 'RING', quantity }] }),
        'InvalidInput',
        'InvalidInput',
      ],
      [
        'stockReceive',
        (quantity) => ({ locationCode: 'HQ', lines: [{ sku: 'RING', quantity }] }),
        'StockReceiveRefused',
        'StockReceiveRefused',
      ],
      [
        'stockAdjust',
        (quantity) => ({ sku: 'RING', locationId: room.places.HQ, quantity, reason: 'DAMAGE' }),
        'InvalidInput',
        'InsufficientStock',
      ],
      [
        'transferCreate',
        (quantity) => ({
          ...{ fromLocationId: room.places.HQ, toLocationId: room.places.GM },
          lines: [{ sku: 'RING', quantity }],
        }),
        'TransferRefused',
        'TransferRefused',
      ],
      [
        'itemIncomeAdd',
        (quantity) => ({
          ...{ sku: 'RING', quantity, category: 'rental' },
          amount: { amount: '1.00', currencyCode: 'EUR' },
        }),
        'InvalidInput',
        'InvalidInput',
      ],
    ];

    it.each(withQuantity)('of 0 or below it is refused by %s', async (mutation, of, none, less) => {
      await expectRefused(mutation, of(0), none);
      await expectRefused(mutation, of(-6), less);
    });

    it.each(withQuantity)('of 2^31 or 1.5 never reaches %s', async (mutation, of) => {
      const before = await room.footprint();
      for (const quantity of [2 ** 31, -(2 ** 31) - 1, 1.5, Number.MAX_SAFE_INTEGER]) {
        const { answer, codes } = await ask(mutation, of(quantity));
        expect([quantity, answer]).toEqual([quantity, null]);
        expect(codes).toHaveLength(1);
      }
      expect(await room.footprint()).toEqual(before);
    });

    it.each(withQuantity)('of 2^31 − 1 is more than %s takes', async (mutation, of) => {
      const before = await room.footprint();
      const { answer, codes } = await ask(mutation, of(2 ** 31 - 1));
      expect(codes).toEqual([]);
      expect(answer!.__typename).toMatch(/InvalidInput|InsufficientStock|Refused/);
      expect(await room.footprint()).toEqual(before);
    });
  });

  describe('a serial of another item', () => {
    const pieces: [string, () => object, string][] = [
      ['holdCreate', () => ({ sku: 'BROOCH', serial: 'W1' }), 'NotFound'],
      ['holdBatchCreate', () => ({ lines: [{ sku: 'BROOCH', serial: 'W1' }] }), 'HoldBatchRefused'],
      [
        'stockAdjust',
        () => ({
          ...{ sku: 'BROOCH', serial: 'W1', locationId: room.places.HQ },
          ...{ quantity: -1, reason: 'DAMAGE' },
        }),
        'NotFound',
      ],
      [
        'transferCreate',
        () => ({
          ...{ fromLocationId: room.places.HQ, toLocationId: room.places.GM },
          lines: [{ sku: 'BROOCH', serials: ['W1'] }],
        }),
        'TransferRefused',
      ],
    ];
    it.each(pieces)('is none of its own for %s', async (mutation, of, refusal) => {
      await expectRefused(mutation, of(), refusal);
    });

    it('never fulfils a generic hold of this one', async () => {
      const holdId = await held({ sku: 'BROOCH', kind: 'HARD' });
      await expectRefused('holdAllocate', { holdId, units: [{ serial: 'W1' }] }, 'NotFound');
    });
  });

  describe('a location that is none', () => {
    const places: [string, (locationId: string) => object][] = [
      ['holdCreate', (locationId) => ({ sku: 'RING', locationId })],
      ['stockReceive', (locationId) => ({ locationId, lines: [{ sku: 'RING', quantity: 1 }] })],
      ['stockAdjust', (locationId) => ({ sku: 'RING', locationId, quantity: 1, reason: 'FOUND' })],
      ['stocktakeCreate', (locationId) => ({ locationId })],
      ['transferCreate', (id) => ({ fromLocationId: room.places.HQ, toLocationId: id })],
    ];
    it.each(places)('is not found by %s, whoever may have it', async (mutation, of) => {
      await expectRefused(mutation, of(randomUUID()), 'NotFound');
      const other = await openStockRoom(database);
      await expectRefused(mutation, of(other.places.HQ), 'NotFound');
    });
  });

  describe('a hold', () => {
    const tenYears = 10 * 365 * 86_400;

    it.each([0, -1, -900, 86_401, tenYears])('lasts no %i seconds', async (holdSeconds) => {
      await expectRefused('holdCreate', { sku: 'RING', holdSeconds }, 'InvalidInput');
      const batch = { lines: [{ sku: 'RING' }], holdSeconds };
      await expectRefused('holdBatchCreate', batch, 'InvalidInput');
      const holdId = await held({ sku: 'RING' });
      await expectRefused('holdExtend', { holdId, holdSeconds }, 'InvalidInput');
    });

    it('is not there once it was let go, nor once its time is over', async () => {
      const holdId = await held({ sku: 'RING', quantity: 2 });
      expect((await ask('holdRelease', { holdId })).answer!.__typename).toBe('HoldReleaseSuccess');
      await expectRefused('holdRelease', { holdId }, 'HoldNotLive');
      await expectRefused('holdExtend', { holdId, holdSeconds: 60 }, 'HoldNotLive');
      const lapsed = await held({ sku: 'RING' });
      await room.expire(lapsed);
      // Whoever meets it tidies it up; that is no effect of the request.
      const { answer } = await ask('holdRelease', { holdId: lapsed });
      expect(answer!.__typename).toBe('HoldNotLive');
      await expectRefused('holdRelease', { holdId: lapsed }, 'HoldNotLive');
      await expectRefused('holdHarden', { holdId: lapsed }, 'HoldNotLive');
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 0, available: 5 });
    });

    const ofOthers: [string, object][] = [
      ['holdRelease', {}],
      ['holdExtend', { holdSeconds: 60 }],
      ['holdHarden', {}],
      ['holdAllocate', {}],
      ['holdReallocate', { unit: { serial: 'S1' } }],
    ];
    it.each(ofOthers)('of another tenant is not found by %s', async (mutation, more) => {
      const other = await openStockRoom(database);
      await other.stocked('RING', 1);
      const placed = (await other.hold({ sku: 'RING' })) as { hold: { id: string } };
      const theirs = await other.footprint();
      await expectRefused(mutation, { holdId: placed.hold.id, ...more }, 'NotFound');
      expect(await other.footprint()).toEqual(theirs);
    });
  });

  it('an item with a live claim is converted in neither direction', async () => {
    await held({ sku: 'RING', quantity: 5 });
    const units = [{ locationId: room.places.HQ, serial: 'R1' }];
    await expectRefused('stockItemConvertToSerial', { sku: 'RING', units }, 'StockItemClaimed');
    await held({ sku: 'BROOCH', serial: 'S1' });
    const before = await room.footprint();
    const { answer } = await ask('stockItemConvertToQuantity', { sku: 'BROOCH' });
    expect(['UnitsNotCollapsible', 'StockItemClaimed']).toContain(answer!.__typename);
    expect(await room.footprint()).toEqual(before);
  });

  it('a code that one batch of scans has twice counts once, and the batch sent again not at all', async () => {
    const select = '... on StocktakeCreateSuccess { stocktake { id } }';
    const begun = await ask('stocktakeCreate', { locationId: room.places.HQ }, select);
    const stocktakeId = begun.answer!['stocktake'].id;
    const scannedAt = new Date().toISOString();
    const scans = ['S1', 'S1', 'S2', 'NOBODY'].map((code) => ({ code, scannedAt }));
    const batch = { stocktakeId, device: 'gun', batchKey: 'b1', scans };
    const counts =
      '... on StocktakeScanSuccess { accepted duplicate unknown duplicateCodes unknownCodes }';
    const first = (await ask('stocktakeScan', batch, counts)).answer;
    expect(first).toMatchObject({ accepted: 3, duplicate: 1, unknown: 1 });
    expect(first).toMatchObject({ duplicateCodes: ['S1'], unknownCodes: ['NOBODY'] });
    const again = (await ask('stocktakeScan', batch, counts)).answer;
    expect(again!.__typename).toBe('StocktakeScanSuccess');
    const rows = await room.rows<{ count: number }>(
      'SELECT count(*) FROM stocktake_scan WHERE stocktake_id = $1',
      [stocktakeId],
    );
    expect(rows[0]!.count).toBeLessThanOrEqual(4);
    expect((await room.level('BROOCH')).onHand).toBe(2);
  });

  it('a unit that a transfer is given twice is refused', async () => {
    const route = { fromLocationId: room.places.HQ, toLocationId: room.places.GM };
    const twice = [{ sku: 'BROOCH', serials: ['S1', 'S1'] }];
    await expectRefused('transferCreate', { ...route, lines: twice }, 'TransferRefused');
  });
});
