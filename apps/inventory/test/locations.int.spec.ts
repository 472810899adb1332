import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import { expectDone, openStockRoom, openTestDatabase, type StockRoom } from './stock-room.ts';
import { publishChanges } from '../src/kernel/level/level.publisher.ts';
import { evaluateLowStock } from '../src/maintenance/low-stock/low-stock.sql.ts';
import { openSubgraph } from './subgraph.ts';

// One way to name a location: each input by its id or its code, never by both. The convention itself is held over
// the public schema (tools/docs); here it is seen to work.

type Place = Record<string, string>;
type Mutation = {
  name: string;
  /** What else the mutation needs, with the place where it belongs. */
  input: (place: Place, room: StockRoom) => object | Promise<object>;
  /** Where the place's fields are, in the names of fields: `lines.0.`. */
  at?: string;
  isOptional?: true;
  /** What the unit must be before. */
  unitIs?: 'LOST' | 'SCRAPPED';
  /** What is answered for a place that is not there, beside NotFound. */
  refused?: { typename: string; code: string };
};

const uuid = randomUUID;
const mutations: Mutation[] = [
  {
    name: 'stockAdjust',
    input: (place) => ({ sku: 'RING', quantity: 1, reason: 'FOUND', ...place }),
  },
  { name: 'stockReceive', input: (place) => ({ ...place, lines: [{ sku: 'RING', quantity: 1 }] }) },
  {
    name: 'stockReceiptCreate',
    input: (place) => ({ supplier: 'Lo', ...place, lines: [{ sku: 'RING', quantity: 1 }] }),
  },
  { name: 'stocktakeCreate', input: (place) => place },
  {
    name: 'reorderRuleSet',
    input: async (place, room) => {
      const [item] = await room.rows<{ id: string }>(
        "SELECT id FROM stock_item WHERE sku = 'RING'",
      );
      return { stockItemId: item!.id, point: 1, quantity: 2, ...place };
    },
  },
  {
    name: 'stockItemConvertToSerial',
    at: 'units.0.',
    input: (place) => ({
      sku: 'RING',
      units: ['A', 'B', 'C'].map((serial) => ({ serial, ...place })),
    }),
    refused: { typename: 'UnitRegistrationRefused', code: 'UNKNOWN_LOCATION' },
  },
  { name: 'holdCreate', isOptional: true, input: (place) => ({ sku: 'RING', ...place }) },
  {
    name: 'holdBatchCreate',
    isOptional: true,
    at: 'lines.0.',
    input: (place) => ({ lines: [{ sku: 'RING', ...place }] }),
    refused: { typename: 'HoldBatchRefused', code: 'NOT_FOUND' },
  },
  {
    name: 'serialUnitStatusSet',
    isOptional: true,
    unitIs: 'LOST',
    input: (place, room) => ({ serialUnitId: unitOf(room), to: 'AVAILABLE', ...place }),
  },
  {
    name: 'serialUnitSucceed',
    isOptional: true,
    unitIs: 'SCRAPPED',
    input: (place, room) => ({
      ...{ serialUnitId: unitOf(room), serial: 'NEW', stockNumber: 'N-1' },
      ...place,
    }),
  },
];

const units = new WeakMap<StockRoom, string>();
const unitOf = (room: StockRoom): string => units.get(room)!;

describe('a location', () => {
  let database: TestDatabase;
  let subgraph: Awaited<ReturnType<typeof openSubgraph>>;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
    subgraph = await openSubgraph(database);
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    await room.stocked('RING', 3);
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    units.set(room, unitIds[0]!);
  });
  afterEach(() => room.assertSums());
  afterAll(() => database.drop());

  const ask = (source: string, variables: object = {}) =>
    subgraph({ tenantId: room.tenantId }, source, { ...variables });

  async function change({ name, input }: Pick<Mutation, 'name' | 'input'>, place: Place) {
    const given = { idempotencyKey: uuid(), ...(await input(place, room)) };
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const reasons = (member: string) => `... on ${member} { reasons { reason: code message } }`;
    const lines = {
      stockItemConvertToSerial: 'UnitRegistrationRefused',
      holdBatchCreate: 'HoldBatchRefused',
    };
    const member = lines[name as keyof typeof lines];
    const { data, codes } = await ask(
      `mutation ($input: ${type}!) { ${name}(input: $input) {
        __typename ... on UserError { message } ... on InvalidInput { field }
        ${name === 'holdBatchCreate' ? '' : '... on NotFound { kind id }'} ${member ? reasons(member) : ''} } }`,
      { input: given },
    );
    expect(codes).toEqual([]);
    return data[name];
  }
  const success = ({ name }: Mutation) => `${name[0]!.toUpperCase()}${name.slice(1)}Success`;
  describe.each(mutations)('in $name', (mutation) => {
    it('is named by its id or by its code, however that is typed', async () => {
      const { unitIs } = mutation;
      const set = { serialUnitId: unitOf(room), to: unitIs };
      if (unitIs) await change({ name: 'serialUnitStatusSet', input: () => set }, {});
      const answer = await change(mutation, { locationCode: ' hq ' });
      expect(answer).toMatchObject({ __typename: success(mutation) });
    });

    it('is not named twice, and not left out where it is needed', async () => {
      const { at = '', isOptional } = mutation;
      const before = await room.footprint();
      const twice = { locationId: room.places.HQ, locationCode: 'HQ' };
      expect(await change(mutation, twice)).toMatchObject({
        __typename: 'InvalidInput',
        field: `${at}locationId`,
      });
      if (!isOptional)
        expect(await change(mutation, {})).toMatchObject({
          __typename: 'InvalidInput',
          field: `${at}locationId`,
        });
      expect(await room.footprint()).toEqual(before);
    });

    it('is not found by a code that is another tenant’s', async () => {
      const other = await openStockRoom(database);
      const theirs = { code: 'OTHERS', name: 'theirs', idempotencyKey: uuid() };
      expectDone(await other.locations.create(other.caller, theirs));
      const before = await room.footprint();
      const answer = await change(mutation, { locationCode: 'OTHERS' });
      const message = 'There is no location OTHERS.';
      const { refused } = mutation;
      expect(answer).toMatchObject(
        refused
          ? {
              __typename: refused.typename,
              reasons: expect.arrayContaining([{ reason: refused.code, message }]),
            }
          : { __typename: 'NotFound', message, kind: 'Location', id: 'OTHERS' },
      );
      expect(await room.footprint()).toEqual(before);
    });
  });

  it('at each end of a transfer is named so, and both are another one', async () => {
    const send = (input: object) => change({ name: 'transferCreate', input: () => input }, {});
    const done = { __typename: 'TransferCreateSuccess' };
    const { HQ, GM } = room.places;
    expect(await send({ fromLocationCode: 'HQ', toLocationCode: 'gm' })).toMatchObject(done);
    expect(await send({ fromLocationCode: 'HQ', toLocationId: GM })).toMatchObject(done);
    expect(await send({ fromLocationId: HQ, toLocationCode: 'hq' })).toMatchObject({
      field: 'toLocationId',
    });
    expect(
      await send({ fromLocationId: HQ, fromLocationCode: 'HQ', toLocationId: GM }),
    ).toMatchObject({ field: 'fromLocationId' });
    expect(await send({ fromLocationId: HQ })).toMatchObject({ field: 'toLocationId' });
    expect(await send({ fromLocationId: HQ, toLocationCode: 'X' })).toMatchObject({ id: 'X' });
  });

  const at = () => new Date().toISOString();
  it.each([
    ['stockItems', () => 'stockItems(filter: { PLACE }) { nodes { sku } }', 2],
    ['serialUnits', () => 'serialUnits(filter: { PLACE }) { nodes { id } }', 1],
    ['holds', () => 'holds(filter: { PLACE }) { nodes { id } }', 1],
    ['stockReceipts', () => 'stockReceipts(filter: { PLACE }) { nodes { id } }', 1],
    ['stockAt', () => `stockAt(at: "${at()}" PLACE) { nodes { onHand } }`, 2],
    ['stockTotalsAt', () => `stockTotalsAt(at: "${at()}" PLACE) { onHand }`, 1],
    ['reorderSuggestions', () => 'reorderSuggestions(PLACE) { nodes { location { code } } }', 1],
    ['lowStock', () => 'lowStock(PLACE) { nodes { stockItem { sku } } }', 2],
  ])(
    'of %s is asked for by id or by code, and an unknown code finds nothing',
    async (list, text, count) => {
      await change({ name: 'holdCreate', input: () => ({ sku: 'RING', quantity: 2 }) }, {});
      const [item] = await room.rows<{ id: string }>(
        "SELECT id FROM stock_item WHERE sku = 'RING'",
      );
      const rule = { stockItemId: item!.id, locationCode: 'HQ', point: 5, quantity: 10 };
      await change({ name: 'reorderRuleSet', input: () => rule }, {});
      const delivery = {
        supplier: 'Lo',
        locationCode: 'HQ',
        lines: [{ sku: 'RING', quantity: 1 }],
      };
      await change({ name: 'stockReceiptCreate', input: () => delivery }, {});
      await publishChanges(room.db);
      await evaluateLowStock(room.db);
      const read = async (place: string) => {
        const { data, codes } = await ask(`{ ${text().replace('PLACE', place)} }`);
        const found = data?.[list] as { nodes?: unknown[] } | unknown[] | null;
        return codes.length > 0 ? codes : Array.isArray(found) ? found : found?.nodes;
      };
      const byId = await read(`locationId: "${room.places.HQ}"`);
      expect(byId).toHaveLength(count);
      expect(await read('locationCode: "hq"')).toEqual(byId);
      expect(await read('locationCode: "NONE"')).toEqual([]);
      expect(await read('locationId: "none"')).toEqual(['BAD_USER_INPUT']);
      expect(await read(`locationId: "${room.places.HQ}" locationCode: "HQ"`)).toEqual([
        'BAD_USER_INPUT',
      ]);
    },
  );
});
