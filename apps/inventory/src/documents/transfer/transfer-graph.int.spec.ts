import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../../test/stock-room.ts';
import { openSubgraph } from '../../../test/subgraph.ts';

describe('transfers and conversions, in the graph', () => {
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

  const ask = (source: string, variables: object = {}) =>
    subgraph({ tenantId: room.tenantId }, source, { ...variables });
  const refusals = `... on UserError { code message }
    ... on TransferRefused { reasons { index sku code value requested available } }
    ... on TransferNotInStatus { status allowed }
    ... on UnitRegistrationRefused { reasons { index code value requested available } }
    ... on UnitsNotCollapsible { unitCount collapse: reasons { code serialUnit { serial } } }
    ... on StockItemClaimed { sku holdCount holds { quantity purpose } }`;
  async function change(name: string, fields: string, input: object) {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}`;
    const refused = refusals
      .split('\n')
      .filter((line) => line.includes('UserError') || line.includes(memberOf(name)))
      .join('\n');
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      __typename ... on ${type}Success { ${fields} } ${refused} } }`;
    const { data, codes } = await ask(source, {
      input: { idempotencyKey: randomUUID(), ...input },
    });
    expect(codes).toEqual([]);
    return data[name];
  }
  // The refusal whose fields a mutation is asked for here.
  const memberOf = (name: string) =>
    ({
      stockItemConvertToSerial: 'StockItemClaimed',
      stockItemConvertToQuantity: 'UnitsNotCollapsible',
      transferDispatch: 'TransferNotInStatus',
    })[name] ?? 'TransferRefused';

  it('a transfer shows its lines, its figures and what did not arrive', async () => {
    await room.stocked('RING', 5);
    await room.pieces('BROOCH', 'S1');
    const { HQ: fromLocationId, GM: toLocationId } = room.places;
    const lines = [{ sku: 'RING', quantity: 3 }];
    const created = await change(
      'transferCreate',
      'transfer { id status note lineCount quantity }',
      {
        ...{ fromLocationId, toLocationId, lines, note: 'for the fair' },
      },
    );
    const transferId = created.transfer.id as string;
    expect(created.transfer).toMatchObject({ status: 'DRAFT', note: 'for the fair', quantity: 3 });
    expect(
      await change('transferScan', 'transfer { id }', { transferId, codes: ['NOTHING'] }),
    ).toMatchObject({
      __typename: 'TransferRefused',
      reasons: [{ index: 0, sku: null, code: 'UNKNOWN_CODE', value: 'NOTHING' }],
    });
    await change('transferScan', 'transfer { lineCount }', { transferId, codes: ['S1'] });
    const sent = await change('transferDispatch', 'transfer { status inTransit dispatchedBy }', {
      transferId,
    });
    expect(sent.transfer).toEqual({ status: 'DISPATCHED', inTransit: 4, dispatchedBy: 'tester' });
    expect(await change('transferDispatch', 'transfer { id }', { transferId })).toMatchObject({
      __typename: 'TransferNotInStatus',
      status: 'DISPATCHED',
      allowed: ['DRAFT'],
    });
    const { data: item } = await ask('{ stockItem(sku: "RING") { onHand inTransit } }');
    expect(item.stockItem).toEqual({ onHand: 2, inTransit: 3 });
    await change('transferReceive', 'transfer { id }', { transferId, codes: ['S1', 'RING'] });
    const { data: before } = await ask(
      `query ($id: ID!) { transfer(id: $id) { status lines(first: 1) {
         nodes { id stockItem { sku } serialUnit { id } quantity received inTransit } pageInfo { hasNextPage } } } }`,
      { id: transferId },
    );
    const [line] = before.transfer.lines.nodes;
    expect(before.transfer).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
      lines: { pageInfo: { hasNextPage: true } },
    });
    expect(line).toMatchObject({ stockItem: { sku: 'RING' }, received: 1, inTransit: 2 });
    const difference = { transferLineId: line.id, quantity: 2, outcome: 'MISSING' };
    const closed = await change(
      'transferClose',
      'transfer { status missing received lines { nodes { differences { outcome quantity reason note actor } } } }',
      { transferId, differences: [{ ...difference, reason: 'OTHER', note: 'fell off' }] },
    );
    expect(closed.transfer).toMatchObject({ status: 'CLOSED', missing: 2, received: 2 });
    expect(closed.transfer.lines.nodes[0].differences).toEqual([
      { outcome: 'MISSING', quantity: 2, reason: 'OTHER', note: 'fell off', actor: 'tester' },
    ]);
    const { data: list } = await ask(
      `query ($filter: TransferFilter) { transfers(filter: $filter) { nodes { id fromLocation { code } toLocation { code } } }
         none: transfers(filter: { status: DRAFT }) { nodes { id } } }`,
      { filter: { status: 'CLOSED', fromLocationId } },
    );
    expect(list).toEqual({
      transfers: {
        nodes: [{ id: transferId, fromLocation: { code: 'HQ' }, toLocation: { code: 'GM' } }],
      },
      none: { nodes: [] },
    });
    const { codes } = await ask('{ transfers(filter: { toLocationId: "x" }) { nodes { id } } }');
    expect(codes).toEqual(['BAD_USER_INPUT']);
  });

  it('a conversion shows the item, its units and what stands against it', async () => {
    await room.stocked('RING', 2);
    const locationId = room.places.HQ;
    const units = [{ locationId, serial: 'R1', certificate: { number: 'C-1' } }];
    const done = await change(
      'stockItemConvertToSerial',
      'stockItem { tracking onHand } units { serial status } conversion { fromTracking toTracking units onHand actor }',
      { sku: 'RING', units },
    );
    expect(done).toMatchObject({
      stockItem: { tracking: 'SERIAL', onHand: 2 },
      units: [{ serial: 'R1', status: 'AVAILABLE' }],
      conversion: {
        fromTracking: 'QUANTITY',
        toTracking: 'SERIAL',
        units: 1,
        onHand: 2,
        actor: 'tester',
      },
    });
    expect(
      await change('stockItemConvertToQuantity', 'stockItem { id }', { sku: 'RING' }),
    ).toMatchObject({
      unitCount: 1,
      collapse: [{ code: 'CERTIFICATE', serialUnit: { serial: 'R1' } }],
    });
    await room.write('UPDATE serial_unit SET certificate = NULL');
    await change('stockItemConvertToQuantity', 'stockItem { id }', { sku: 'RING' });
    const { data } = await ask(
      '{ stockItem(sku: "RING") { conversions { nodes { toTracking } } units { nodes { serial formerSerial } } } }',
    );
    expect(data.stockItem).toEqual({
      conversions: { nodes: [{ toTracking: 'QUANTITY' }, { toTracking: 'SERIAL' }] },
      units: { nodes: [{ serial: null, formerSerial: 'R1' }] },
    });
    await room.hold({ sku: 'RING' });
    expect(
      await change('stockItemConvertToSerial', 'stockItem { id }', { sku: 'RING', units: [] }),
    ).toMatchObject({
      code: 'STOCK_ITEM_CLAIMED',
      holdCount: 1,
      holds: [{ quantity: 1, purpose: 'BASKET' }],
    });
  });
});
