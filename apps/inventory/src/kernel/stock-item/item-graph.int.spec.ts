import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../../test/stock-room.ts';
import { openSubgraph } from '../../../test/subgraph.ts';

describe('items, codes and settings, in the graph', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let subgraph: Awaited<ReturnType<typeof openSubgraph>>;
  beforeAll(async () => {
    database = await openTestDatabase();
    subgraph = await openSubgraph(database);
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const ask = (source: string, variables: object = {}, scopes?: string[]) =>
    subgraph({ tenantId: room.tenantId, scopes }, source, { ...variables });
  async function change(name: string, fields: string, input: object, scopes?: string[]) {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}`;
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      __typename ... on ${type}Success { ${fields} } ... on UserError { code message } } }`;
    const { data, codes } = await ask(
      source,
      { input: { idempotencyKey: randomUUID(), ...input } },
      scopes,
    );
    expect(codes).toEqual([]);
    return data[name];
  }

  it('an item is made, found, labelled, scanned and ordered again', async () => {
    const created = await change(
      'stockItemCreate',
      'stockItem { id sku category variant { id } }',
      {
        ...{ sku: 'SOLDER', title: 'Silver solder', tracking: 'QUANTITY', category: 'Bench' },
      },
    );
    const { stockItem } = created;
    expect(stockItem).toMatchObject({ sku: 'SOLDER', category: 'Bench', variant: null });
    await room.receive({ sku: 'SOLDER', quantity: 2 });
    const stockItemId = stockItem.id;
    const fields = 'stockCode { code kind isRetired stockItem { sku } serialUnit { id } }';
    expect(await change('stockCodeAssign', fields, { code: 'T1', stockItemId })).toEqual({
      __typename: 'StockCodeAssignSuccess',
      stockCode: {
        ...{ code: 'T1', kind: 'TAG', isRetired: false },
        ...{ stockItem: { sku: 'SOLDER' }, serialUnit: null },
      },
    });
    for (const locationId of [room.places.GM, room.places.HQ])
      await change('reorderRuleSet', 'stockItem { id }', {
        ...{ stockItemId, locationId, point: 5, quantity: 20 },
      });
    const updated = await change('stockItemUpdate', 'stockItem { lowStockThreshold }', {
      ...{ stockItemId, lowStockThreshold: 4 },
    });
    expect(updated.stockItem).toEqual({ lowStockThreshold: 4 });
    const { data, codes } = await ask(`{
      scan(code: " T1 ") { code stockItem { sku codes { code } } serialUnit { id } }
      stockItems(filter: { text: "silver s", hasVariant: false }) { nodes {
        sku levels { location { code } reorderPoint reorderQuantity }
        reorderRules { location { code } reorderPoint reorderQuantity } } pageInfo { hasNextPage } }
    }`);
    expect(codes).toEqual([]);
    const rule = { reorderPoint: 5, reorderQuantity: 20 };
    expect(data).toEqual({
      scan: { code: 'T1', stockItem: { sku: 'SOLDER', codes: [{ code: 'T1' }] }, serialUnit: null },
      stockItems: {
        nodes: [
          {
            sku: 'SOLDER',
            levels: [{ location: { code: 'HQ' }, ...rule }],
            reorderRules: ['GM', 'HQ'].map((code) => ({ location: { code }, ...rule })),
          },
        ],
        pageInfo: { hasNextPage: false },
      },
    });
  });

  it('a code of a unit moves and is retired, and its history has a page', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    const [first, second] = unitIds;
    const fields = 'stockCode { isRetired stockItem { sku } serialUnit { serial } }';
    await change('stockCodeAssign', fields, { code: 'E1', kind: 'RFID', serialUnitId: first });
    const moved = await change('stockCodeMove', fields, { code: 'E1', serialUnitId: second });
    expect(moved.stockCode.serialUnit).toEqual({ serial: 'S2' });
    const units = await ask(
      '{ stockItem(sku: "BROOCH") { codes { code } units { nodes { serial codes { code kind } } } } }',
    );
    expect(units.data.stockItem).toEqual({
      codes: [],
      units: {
        nodes: [
          { serial: 'S1', codes: [] },
          { serial: 'S2', codes: [{ code: 'E1', kind: 'RFID' }] },
        ],
      },
    });
    const retired = await change('stockCodeRetire', fields, { code: 'E1', note: 'broken' });
    expect(retired.stockCode).toEqual({ isRetired: true, stockItem: null, serialUnit: null });
    const page = (after: string | null) =>
      ask(
        `query ($after: String) { scan(code: "E1") { code } stockCode(code: "E1") { history(first: 2, after: $after) {
          nodes { change note actor fromSerialUnit { serial } toSerialUnit { serial } toStockItem { sku } }
          pageInfo { hasNextPage endCursor } } } }`,
        { after },
      );
    const { data } = await page(null);
    expect(data.scan).toBeNull();
    const { nodes, pageInfo } = data.stockCode.history;
    const by = { actor: 'tester', note: null };
    const [s1, s2] = [{ serial: 'S1' }, { serial: 'S2' }];
    const toStockItem = { sku: 'BROOCH' };
    expect(nodes).toEqual([
      {
        ...{ change: 'RETIRED', ...by, note: 'broken' },
        ...{ fromSerialUnit: s2, toSerialUnit: null, toStockItem: null },
      },
      { change: 'MOVED', ...by, fromSerialUnit: s1, toSerialUnit: s2, toStockItem },
    ]);
    const next = await page(pageInfo.endCursor);
    expect(next.data.stockCode.history.nodes).toEqual([
      { change: 'ASSIGNED', ...by, fromSerialUnit: null, toSerialUnit: s1, toStockItem },
    ]);
  });

  it('a filter or a page that cannot be is refused as bad input', async () => {
    const codes = async (args: string) =>
      (await ask(`{ stockItems(${args}) { nodes { id } } }`)).codes;
    expect(await codes('first: 0')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('after: "x"')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('filter: { text: "" }')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('filter: { text: "a\\u0000" }')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('filter: { locationId: "HQ" }')).toEqual(['BAD_USER_INPUT']);
  });

  it('the settings are an administrator’s to change', async () => {
    const fields =
      'settings { stockNumberPattern costingMethod overReceiptPercent allocationRule }';
    const input = { stockNumberPattern: '{YY}-{SEQ:4}', overReceiptPercent: 5 };
    const set = await change('inventorySettingsUpdate', fields, input, ['admin']);
    const settings = { ...input, costingMethod: 'WEIGHTED_AVERAGE', allocationRule: 'OLDEST' };
    expect(set.settings).toEqual(settings);
    const read = await ask(
      '{ inventorySettings { stockNumberPattern costingMethod overReceiptPercent allocationRule } }',
    );
    expect(read.data.inventorySettings).toEqual(settings);
    const refused = await ask(
      `mutation { inventorySettingsUpdate(input: { idempotencyKey: "k" }) { __typename } }`,
    );
    expect(refused.codes).toEqual(['FORBIDDEN']);
  });

  it('a public shop sees nothing of them', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    await room.putOnSale('BROOCH');
    const shop = async (source: string) => (await ask(source, {}, ['shop:read'])).codes;
    const item = (fields: string) => `{ stockItem(sku: "BROOCH") { ${fields} } }`;
    for (const fields of ['codes { code }', 'category', 'reorderRules { reorderPoint }'])
      expect(await shop(item(fields))).toEqual(['FORBIDDEN']);
    expect(await shop('{ scan(code: "S1") { code } }')).toEqual(['FORBIDDEN']);
    expect(await shop('{ stockCode(code: "S1") { code } }')).toEqual(['FORBIDDEN']);
    expect(await shop('{ stockItems { nodes { sku } } }')).toEqual(['FORBIDDEN']);
    expect(await shop('{ inventorySettings { overReceiptPercent } }')).toEqual(['FORBIDDEN']);
    expect(await shop(`{ serialUnit(id: "${unitIds[0]}") { codes { code } } }`)).toEqual([
      'FORBIDDEN',
    ]);
    expect(await shop(item('available'))).toEqual([]);
  });
});
