import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { openSubgraph } from '../../../test/subgraph.ts';
import type { SerialUnitUpdateInput } from './unit-facts.service.ts';

describe('a serial unit', () => {
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

  async function ask(source: string, variables: Record<string, unknown> = {}) {
    const { data, codes } = await subgraph({ tenantId: room.tenantId }, source, variables);
    expect(codes).toEqual([]);
    return data;
  }

  const update = (serialUnitId: string, facts: Partial<SerialUnitUpdateInput>) =>
    room.units.update(room.caller, { serialUnitId, idempotencyKey: randomUUID(), ...facts });

  it('has facts that people write down, each with a row of history and an event', async () => {
    const { unitIds } = await room.pieces('RING', 'S1');
    const unitId = unitIds[0]!;
    await room.putOnSale('RING');
    const input = {
      serialUnitId: unitId,
      stockNumber: 'N-1',
      condition: 'as new',
      certificate: { number: 'C-1', lab: 'GIA' },
      attributes: [
        { key: 'metal', value: 'gold' },
        { key: 'Weight', value: '4.25 g' },
        { key: 'period', value: 'about 1890' },
      ],
      photos: ['https://img.example/1.jpg'],
      cost: { amount: '120.50', currencyCode: 'EUR' },
      isListed: true,
      note: 'first look',
      idempotencyKey: 'k',
    };
    const fields = `id stockNumber condition certificate { number lab } attributes { key value kind } photos
      cost { amount currencyCode } isListed websiteEligibility { isEligible reasons } allowedTransitions`;
    const mutation = `mutation ($input: SerialUnitUpdateInput!) { serialUnitUpdate(input: $input) {
      __typename ... on SerialUnitUpdateSuccess { serialUnit { ${fields} } } } }`;
    const { serialUnitUpdate } = await ask(mutation, { input });
    expect(serialUnitUpdate.serialUnit).toEqual({
      id: unitId,
      stockNumber: 'N-1',
      condition: 'as new',
      certificate: input.certificate,
      attributes: [
        { key: 'metal', value: 'gold', kind: 'METAL' },
        { key: 'Weight', value: '4.25 g', kind: 'WEIGHT' },
        { key: 'period', value: 'about 1890', kind: 'OTHER' },
      ],
      photos: input.photos,
      cost: input.cost,
      isListed: true,
      websiteEligibility: { isEligible: true, reasons: [] },
      allowedTransitions: ['IN_REPAIR', 'LOST', 'SCRAPPED'],
    });
    const changes = () => room.rows('SELECT kind, facts, note, actor FROM serial_unit_change');
    expect(await changes()).toMatchObject([{ kind: 'FACTS', note: 'first look', actor: 'tester' }]);
    const events = await room.rows<{ data: Record<string, unknown> }>(
      `SELECT data FROM outbox WHERE type = 'inventory.serial-unit-changed' ORDER BY position DESC LIMIT 1`,
    );
    expect(events[0]!.data).toMatchObject({
      version: 2,
      stockNumber: 'N-1',
      condition: 'as new',
      isListed: true,
    });
    // The same facts again, under another key, are no change.
    const before = await room.rows('SELECT version FROM serial_unit');
    const { stockNumber, condition, cost } = input;
    expectDone(await update(unitId, { stockNumber, condition, cost }));
    expect(await room.rows('SELECT version FROM serial_unit')).toEqual(before);
    expect(await changes()).toHaveLength(1);
    // Null takes away, what is left out stays.
    expectDone(await update(unitId, { certificate: null, cost: null, isListed: false }));
    const { serialUnit } = await ask(`{ serialUnit(id: "${unitId}") { ${fields} } }`);
    expect(serialUnit).toMatchObject({ certificate: null, cost: null, condition: 'as new' });
    expect(serialUnit.websiteEligibility).toEqual({ isEligible: false, reasons: ['NOT_LISTED'] });
  });

  it('keeps its number, and a fact that cannot be changes nothing', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    const [first, second] = unitIds as [string, string];
    const cost = { amount: '5', currencyCode: 'EUR' };
    expectDone(await update(first, { stockNumber: 'N-1', cost }));
    const before = await room.footprint();
    const refusal = async (unitId: string, facts: Partial<SerialUnitUpdateInput>) =>
      expectRefused(await update(unitId, facts));
    expect(await refusal(first, { stockNumber: 'N-2' })).toMatchObject({ field: 'stockNumber' });
    expect(await refusal(second, { stockNumber: 'N-1' })).toMatchObject({
      __typename: 'UnitNameTaken',
      field: 'stockNumber',
    });
    const weight = [{ key: 'weight', value: 'heavy' }];
    expect(await refusal(first, { attributes: weight })).toMatchObject({ field: 'attributes' });
    const dollars = { amount: '5', currencyCode: 'USD' };
    expect(await refusal(second, { cost: dollars })).toMatchObject({ field: 'cost' });
    expect(await refusal(randomUUID(), { condition: 'x' })).toMatchObject({ kind: 'SerialUnit' });
    expect(await room.footprint()).toEqual(before);
  });

  it('lists everything that happened to it in one list, newest first, page by page', async () => {
    const { item, unitIds } = await room.pieces('RING', 'S1');
    const unitId = unitIds[0]!;
    const saleId = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'RING', quantity: 1 };
    await room.apply(saleId, [{ ...line, serialUnitId: unitId }]);
    expectDone(await room.setStatus(unitId, 'RETURNED'));
    expectDone(await update(unitId, { condition: 'scratched' }));
    expectDone(await room.setStatus(unitId, 'AVAILABLE'));
    const placed = expectDone(await room.hold({ sku: 'RING', serial: 'S1' }));
    await room.expire(placed.hold.id);
    const page = async (after: string | null) => {
      const { serialUnit } = await ask(
        `query ($id: ID, $after: String) { serialUnit(id: $id) { history(first: 4, after: $after) {
          nodes { kind text actor note facts { key value } movement { reason } hold { purpose status } referenceKind referenceId at }
          pageInfo { hasNextPage endCursor } } } }`,
        { id: unitId, after },
      );
      return serialUnit.history;
    };
    const listed: { kind: string; text: string; at: string }[] = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo }: any = await page(after);
      listed.push(...nodes);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    const texts = listed.map(
      ({ kind, text }) => `${kind}: ${text.replace(/until \S+\./, 'until …')}`,
    );
    expect(texts.toSorted()).toEqual(
      [
        'HOLD_ENDED: The hold for basket ended: expired.',
        'HOLD_PLACED: Held for basket at HQ until …',
        'HOLD_ENDED: The hold for inspection ended: released.',
        'STATUS: From returned to available at HQ.',
        'FACTS: Written down: condition scratched.',
        'HOLD_PLACED: Held for inspection at HQ.',
        'STATUS: From sold to returned at HQ.',
        'MOVEMENT: Came in at HQ: return.',
        'HOLD_ENDED: The hold for sale ended: sold.',
        'MOVEMENT: Went out at HQ: sale.',
        'HOLD_PLACED: Held for sale at HQ.',
        'MOVEMENT: Came in at HQ: receipt.',
      ].toSorted(),
    );
    const times = listed.map(({ at }) => at);
    expect(times).toEqual(times.toSorted().reverse());
    expect(texts[0]).toMatch(/basket/);
    expect(texts.at(-1)).toBe('MOVEMENT: Came in at HQ: receipt.');
  });

  it('is found across items by state, place and the beginning of its names', async () => {
    await room.pieces('RING', 'S1', 'S2');
    const { unitIds } = await room.pieces('BROOCH', 'T1');
    await room.register('CHAIN', 'SERIAL');
    await room.receive({ sku: 'CHAIN', units: [{ stockNumber: 'S-77' }] }, 'GM');
    expectDone(await room.setStatus(unitIds[0]!, 'IN_REPAIR'));
    const held = expectDone(await room.hold({ sku: 'RING', serial: 'S2' }));
    const list = async (filter: object, first = 10) => {
      const { serialUnits } = await ask(
        `query ($filter: SerialUnitFilter, $first: Int) { serialUnits(first: $first, filter: $filter) {
          nodes { serial stockNumber } pageInfo { hasNextPage endCursor } } }`,
        { filter, first },
      );
      return serialUnits.nodes.map(
        (node: { serial: string | null; stockNumber: string | null }) =>
          node.serial ?? node.stockNumber,
      );
    };
    expect(await list({})).toEqual(['S-77', 'T1', 'S2', 'S1']);
    expect(await list({}, 1)).toEqual(['S-77']);
    expect(await list({ text: 'S' })).toEqual(['S-77', 'S2', 'S1']);
    expect(await list({ text: 'S%' })).toEqual([]);
    expect(await list({ text: 'RING' })).toEqual(['S2', 'S1']);
    expect(await list({ locationId: room.places.GM })).toEqual(['S-77']);
    expect(await list({ locationId: randomUUID() })).toEqual([]);
    expect(await list({ status: 'IN_REPAIR' })).toEqual(['T1']);
    expect(await list({ status: 'HELD' })).toEqual(['S2']);
    await room.expire(held.hold.id);
    expect(await list({ status: 'HELD' })).toEqual([]);
    expect(await list({ status: 'AVAILABLE', locationId: room.places.HQ })).toEqual(['S2', 'S1']);
  });

  it('that was made of another knows it, and is known to it', async () => {
    const { unitIds } = await room.pieces('RING', 'S1');
    expectDone(await room.setStatus(unitIds[0]!, 'SCRAPPED'));
    const input = { serialUnitId: unitIds[0]!, stockNumber: 'N-9', idempotencyKey: 'k' };
    const { serialUnitSucceed } = await ask(
      `mutation ($input: SerialUnitSucceedInput!) { serialUnitSucceed(input: $input) {
        __typename ... on SerialUnitSucceedSuccess {
          serialUnit { stockNumber predecessor { serial } history { nodes { text } } } predecessor { successor { stockNumber } history { nodes { kind } } } } } }`,
      { input },
    );
    expect(serialUnitSucceed.serialUnit).toMatchObject({
      stockNumber: 'N-9',
      predecessor: { serial: 'S1' },
      history: {
        nodes: [
          { text: 'Came into stock at HQ, made of another unit.' },
          { text: 'Came in at HQ: other.' },
        ],
      },
    });
    expect(serialUnitSucceed.predecessor.successor).toEqual({ stockNumber: 'N-9' });
    expect(serialUnitSucceed.predecessor.history.nodes[0]).toEqual({ kind: 'SUCCEEDED' });
  });

  it('that was chosen for a hold is held from then on', async () => {
    await room.pieces('PHONE', 'S1');
    const { hold } = expectDone(await room.hold({ sku: 'PHONE' }));
    await room.receive({ sku: 'PHONE', units: [{ serial: 'S2' }] });
    const allocation = { holdId: hold.id, units: [{ serial: 'S2' }], idempotencyKey: randomUUID() };
    expectDone(await room.allocations.allocate(room.caller, allocation));
    const kinds = '{ serialUnit(sku: "PHONE", serial: "S2") { history { nodes { kind } } } }';
    expect((await ask(kinds)).serialUnit.history.nodes).toEqual([
      { kind: 'HOLD_PLACED' },
      { kind: 'MOVEMENT' },
    ]);
  });

  it('is answered as it is after each of several mutations in one request', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    const set = (to: string) => `serialUnitStatusSet(
      input: { serialUnitId: "${unitIds[0]}", to: ${to}, idempotencyKey: "${to}" }) {
      ... on SerialUnitStatusSetSuccess { serialUnit { status } } }`;
    expect(await ask(`mutation { lost: ${set('LOST')} found: ${set('AVAILABLE')} }`)).toEqual({
      lost: { serialUnit: { status: 'LOST' } },
      found: { serialUnit: { status: 'AVAILABLE' } },
    });
  });

  it.each(['sku: "a\\u0000", serial: "S1"', 'sku: "RING", serial: "a\\u0000"'])(
    'is nobody by a name that cannot be stored: %s',
    async (name) => {
      expect(await ask(`{ serialUnit(${name}) { id } }`)).toEqual({ serialUnit: null });
    },
  );

  it('tells the catalog, and nobody else, what its label says', async () => {
    const { unitIds } = await room.pieces('RING', 'S1');
    await update(unitIds[0]!, {
      ...{ stockNumber: 'N-9', certificate: { number: 'C-1', lab: 'GIA' } },
      attributes: [{ key: 'metal', value: 'gold' }],
    });
    const query = `query ($ids: [ID!]!) { unitsForLabels(serialUnitIds: $ids) {
      id sku serial stockNumber certificateLab certificateNumber attributes { kind value } } }`;
    const asked = (tenantId: string, scope: string, ids: string[]) =>
      subgraph({ tenantId, scopes: [scope] }, query, { ids });
    const ids = [unitIds[0]!, randomUUID(), 'no id'];
    expect(await asked(room.tenantId, 'service:catalog', ids)).toEqual({
      codes: [],
      data: {
        unitsForLabels: [
          {
            ...{ id: unitIds[0], sku: 'RING', serial: 'S1', stockNumber: 'N-9' },
            ...{ certificateLab: 'GIA', certificateNumber: 'C-1' },
            attributes: [{ kind: 'METAL', value: 'gold' }],
          },
        ],
      },
    });
    expect((await asked(randomUUID(), 'service:catalog', ids)).data.unitsForLabels).toEqual([]);
    expect((await asked(room.tenantId, 'stock:read', ids)).codes).toEqual(['FORBIDDEN']);
    const many = Array<string>(501).fill(randomUUID());
    expect((await asked(room.tenantId, 'service:catalog', many)).codes).toEqual(['BAD_USER_INPUT']);
  });
});
