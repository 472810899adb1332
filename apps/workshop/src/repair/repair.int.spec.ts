import { uuidv7 } from '@onecount/db';
import {
  brooch,
  returnOf,
  saleOf,
  startWorkshop,
  tenantB,
  type Fixture,
} from '../../test/fixture.ts';

let workshop: Fixture;
beforeAll(async () => {
  workshop = await startWorkshop();
});
afterAll(() => workshop?.stop());
beforeEach(() =>
  workshop.run(
    'TRUNCATE known_unit, unit_sale, ticket_counter, repair, outbox, idempotency_record',
  ),
);

const fields = `id version ticketNumber kind stage nextStages serialUnit { id } pieceDescription
  workRequested customerName customerPhone unitSoldAt unitSaleId`;
const openMutation = `mutation ($input: RepairOpenInput!) { repairOpen(input: $input) {
  __typename
  ... on RepairOpenSuccess { repair { ${fields} } }
  ... on NotFound { code kind id }
  ... on InvalidInput { code field }
  ... on IdempotencyKeyReused { code idempotencyKey } } }`;
const stageMutation = `mutation ($input: RepairStageSetInput!) { repairStageSet(input: $input) {
  __typename
  ... on RepairStageSetSuccess { repair { ${fields} } }
  ... on StageNotAllowed { code message from to allowed ticketNumber }
  ... on NotFound { code kind id }
  ... on InvalidInput { code field }
  ... on IdempotencyKeyReused { code idempotencyKey } } }`;

async function mutate(
  [name, mutation]: [string, string],
  input: Record<string, unknown>,
  as?: { tenantId?: string; scopes?: string },
) {
  const answer = await workshop.graphql(
    mutation,
    { input: { idempotencyKey: uuidv7(), ...input } },
    as,
  );
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data[name];
}
const open = (input: Record<string, unknown>, as?: { tenantId?: string; scopes?: string }) =>
  mutate(
    ['repairOpen', openMutation],
    { workRequested: 'Clean and check the clasp', ...input },
    as,
  );
const setStage = (repairId: string, stage: string, more: Record<string, unknown> = {}) =>
  mutate(['repairStageSet', stageMutation], { repairId, stage, ...more });

async function known(change?: Parameters<typeof brooch>[0]) {
  const unit = brooch(change);
  await workshop.deliver('inventory.serial-unit-changed', unit.serialUnitId, unit);
  return unit;
}
const count = async (table: string) =>
  (await workshop.rows(`SELECT count(*)::int AS n FROM ${table}`))[0].n;
const written = () =>
  Promise.all(
    ['repair', 'outbox', "idempotency_record WHERE NOT response ? 'refusal'", 'ticket_counter'].map(
      count,
    ),
  );
const nothing = [0, 0, 0, 0];
const events = () => workshop.rows('SELECT sequence::int, data FROM outbox ORDER BY position');

describe('repairOpen', () => {
  test('for a known unit: first ticket, at intake, one event without the customer', async () => {
    const unit = await known();
    const customer = { customerName: 'Ada Lovelace', customerPhone: '+44 20 7946 0000' };
    const answer = await open({ serialUnitId: unit.serialUnitId, ...customer });
    expect(answer).toEqual({
      __typename: 'RepairOpenSuccess',
      repair: {
        ...{ id: expect.any(String), version: 1, ticketNumber: 'R-000001', kind: 'KNOWN_UNIT' },
        ...{ stage: 'INTAKE', nextStages: ['QUOTED', 'IN_PROGRESS', 'CANCELLED'] },
        ...{ serialUnit: { id: unit.serialUnitId }, pieceDescription: null },
        ...{ workRequested: 'Clean and check the clasp', ...customer },
        ...{ unitSoldAt: null, unitSaleId: null },
      },
    });
    const { id } = answer.repair;
    expect(await events()).toEqual([
      {
        sequence: 1,
        data: {
          ...{ repairId: id, version: 1, ticketNumber: 'R-000001', stage: 'INTAKE' },
          ...{ kind: 'KNOWN_UNIT', serialUnitId: unit.serialUnitId },
        },
      },
    ]);
  });

  test('by SKU with serial value or stock number', async () => {
    const unit = await known();
    for (const serial of ['S-100', 'E-0042', ' e-0042']) {
      const { repair } = await open({ sku: unit.sku.toLowerCase(), serial });
      expect(repair.serialUnit.id).toBe(unit.serialUnitId);
    }
  });

  test('for a customer’s own piece: no unit, only its description', async () => {
    const { repair } = await open({ pieceDescription: 'Signet ring, worn crest' });
    expect(repair).toMatchObject({
      ...{ kind: 'CUSTOMER_PIECE', serialUnit: null, pieceDescription: 'Signet ring, worn crest' },
    });
    expect(await events()).toEqual([
      { sequence: 1, data: expect.not.objectContaining({ serialUnitId: expect.anything() }) },
    ]);
  });

  test('twenty at once get twenty numbers without a gap; tenants count for themselves', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => open({ pieceDescription: `Ring ${index}` })),
    );
    const numbers = answers.map((answer) => answer.repair.ticketNumber).sort();
    expect(numbers).toEqual(
      Array.from({ length: 20 }, (_, index) => `R-${String(index + 1).padStart(6, '0')}`),
    );
    const other = await open({ pieceDescription: 'Ring' }, { tenantId: tenantB });
    expect(other.repair.ticketNumber).toBe('R-000001');
  });

  test('the same key and input give the same ticket, also at once; other input is refused', async () => {
    const input = { idempotencyKey: 'key-1', pieceDescription: 'Ring' };
    const [first, twin] = await Promise.all([open(input), open(input)]);
    expect(twin).toEqual(first);
    expect(await open(input)).toEqual(first);
    expect(await open({ ...input, pieceDescription: 'Necklace' })).toEqual({
      __typename: 'IdempotencyKeyReused',
      code: 'IDEMPOTENCY_KEY_REUSED',
      idempotencyKey: 'key-1',
    });
    expect(await written()).toEqual([1, 1, 1, 1]);
  });

  test('waits for a unit whose event is still in flight', async () => {
    const unit = brooch();
    const opening = open({ serialUnitId: unit.serialUnitId });
    await workshop.deliver('inventory.serial-unit-changed', unit.serialUnitId, unit);
    expect(await opening).toMatchObject({ __typename: 'RepairOpenSuccess' });
  });

  test.each([
    [
      'an unknown unit',
      { serialUnitId: '01900000-0000-7000-8000-000000000999' },
      { __typename: 'NotFound', kind: 'SerialUnit' },
    ],
    ['no piece', {}, { __typename: 'InvalidInput', field: 'serialUnitId' }],
    [
      'two pieces',
      { sku: 'a', serial: 'b', pieceDescription: 'c' },
      { __typename: 'InvalidInput', field: 'serialUnitId' },
    ],
    [
      'no work',
      { pieceDescription: 'Ring', workRequested: '' },
      { __typename: 'InvalidInput', field: 'workRequested' },
    ],
  ])('%s is refused and nothing is written', async (_, input, refusal) => {
    expect(await open(input)).toMatchObject(refusal);
    expect(await written()).toEqual(nothing);
  });
});

describe('repairStageSet', () => {
  test('goes from intake to collected, one version and one event each', async () => {
    const { repair } = await open({ pieceDescription: 'Ring' });
    const way = ['QUOTED', 'IN_PROGRESS', 'READY', 'COLLECTED'];
    for (const [index, stage] of way.entries()) {
      const answer = await setStage(repair.id, stage);
      expect(answer.repair).toMatchObject({ stage, version: index + 2 });
    }
    const seen = (await events()).map(({ sequence, data }) => [sequence, data.stage]);
    expect(seen).toEqual([[1, 'INTAKE'], ...way.map((stage, index) => [index + 2, stage])]);
  });

  test('what cannot follow is refused with what can, and nothing is written', async () => {
    const { repair } = await open({ pieceDescription: 'Ring' });
    const before = await written();
    expect(await setStage(repair.id, 'COLLECTED')).toEqual({
      __typename: 'StageNotAllowed',
      code: 'STAGE_NOT_ALLOWED',
      message:
        'Ticket R-000001 is INTAKE; only QUOTED or IN_PROGRESS or CANCELLED can follow, not COLLECTED.',
      ...{ from: 'INTAKE', to: 'COLLECTED', ticketNumber: 'R-000001' },
      allowed: ['QUOTED', 'IN_PROGRESS', 'CANCELLED'],
    });
    expect(await written()).toEqual(before);
    expect(await workshop.rows('SELECT stage, version::int FROM repair')).toEqual([
      { stage: 'INTAKE', version: 1 },
    ]);
  });

  test('two at once: one moves the ticket, the other is told where it is', async () => {
    const { repair } = await open({ pieceDescription: 'Ring' });
    const answers = await Promise.all([
      setStage(repair.id, 'CANCELLED'),
      setStage(repair.id, 'QUOTED'),
    ]);
    const names = answers.map((answer) => answer.__typename).sort();
    const [{ stage, version }] = await workshop.rows('SELECT stage, version::int FROM repair');
    if (stage === 'QUOTED') throw new Error('QUOTED cannot be the last: CANCELLED may follow it');
    const wasQuotedFirst = version === 3;
    expect(names).toEqual(
      wasQuotedFirst
        ? ['RepairStageSetSuccess', 'RepairStageSetSuccess']
        : ['RepairStageSetSuccess', 'StageNotAllowed'],
    );
  });

  test('the same key answers again without moving on', async () => {
    const { repair } = await open({ pieceDescription: 'Ring' });
    const first = await setStage(repair.id, 'QUOTED', { idempotencyKey: 'key-2' });
    expect(await setStage(repair.id, 'QUOTED', { idempotencyKey: 'key-2' })).toEqual(first);
    expect(first.repair.version).toBe(2);
  });

  test('a ticket of another tenant, or none, is not found', async () => {
    const { repair } = await open({ pieceDescription: 'Ring' }, { tenantId: tenantB });
    for (const id of [repair.id, 'nonsense'])
      expect(await setStage(id, 'QUOTED')).toMatchObject({
        __typename: 'NotFound',
        kind: 'Repair',
        id,
      });
    expect(await count('outbox')).toBe(1);
  });
});

describe('a sale of the unit', () => {
  const ticket = async (id: string) => {
    const answer = await workshop.graphql(
      `query ($id: ID!) { repair(id: $id) { version unitSoldAt unitSaleId } }`,
      { id },
    );
    return answer.data!['repair'];
  };

  test('shows on the ticket, with one new version and event, however often it comes', async () => {
    const unit = await known();
    const { repair } = await open({ serialUnitId: unit.serialUnitId });
    const sale = saleOf(unit);
    await workshop.deliver('pos.sale-committed', sale.saleId, sale);
    await workshop.deliver('pos.sale-committed', sale.saleId, sale);
    const soldAt = '2026-11-21T15:30:00.000Z';
    expect(await ticket(repair.id)).toEqual({
      version: 2,
      unitSoldAt: soldAt,
      unitSaleId: sale.saleId,
    });
    const [, last, ...more] = await events();
    expect(last).toMatchObject({ sequence: 2, data: { unitSoldAt: soldAt } });
    expect(more).toEqual([]);
  });

  test('that came back shows no longer, unless the unit was sold anew', async () => {
    const unit = await known();
    const { repair } = await open({ serialUnitId: unit.serialUnitId });
    const sale = saleOf(unit);
    await workshop.deliver('pos.sale-committed', sale.saleId, sale);
    const back = returnOf(sale);
    await workshop.deliver('pos.sale-returned', back.saleId, back);
    await workshop.deliver('pos.sale-returned', back.saleId, back);
    expect(await ticket(repair.id)).toEqual({ version: 3, unitSoldAt: null, unitSaleId: null });
    const again = saleOf(unit);
    await workshop.deliver('pos.sale-committed', again.saleId, again);
    const late = { ...back, returnId: again.saleId };
    await workshop.deliver('pos.sale-returned', late.saleId, late);
    expect(await ticket(repair.id)).toMatchObject({ version: 4, unitSaleId: again.saleId });
  });

  test('known before the unit and before the ticket shows all the same', async () => {
    const unit = brooch();
    const sale = saleOf(unit);
    await workshop.deliver('pos.sale-committed', sale.saleId, sale);
    await workshop.deliver('inventory.serial-unit-changed', unit.serialUnitId, unit);
    const { repair } = await open({ serialUnitId: unit.serialUnitId });
    expect(repair).toMatchObject({ version: 1, unitSaleId: sale.saleId });
    expect((await events())[0].data.unitSoldAt).toBe('2026-11-21T15:30:00.000Z');
  });

  test('of several pieces in one line is that of each', async () => {
    const unit = await known();
    const sale = saleOf(unit);
    const { serialUnitId } = unit;
    const lines = sale.lines.map(({ serialUnitId: _, ...line }) => ({
      ...line,
      quantity: 2,
      units: [{ serialUnitId: brooch().serialUnitId }, { serialUnitId, serial: 'B-1' }],
    }));
    await workshop.deliver('pos.sale-committed', sale.saleId, { ...sale, lines });
    expect(await count('unit_sale')).toBe(2);
    const { repair } = await open({ serialUnitId });
    expect(repair).toMatchObject({ unitSaleId: sale.saleId });
  });

  test('of something without serial numbers changes nothing', async () => {
    const sale = saleOf(brooch());
    const lines = sale.lines.map(({ serialUnitId: _, ...line }) => ({
      ...line,
      tracking: 'QUANTITY' as const,
    }));
    await workshop.deliver('pos.sale-committed', sale.saleId, { ...sale, lines });
    expect([await count('unit_sale'), await count('outbox')]).toEqual([0, 0]);
  });
});

describe('known units', () => {
  test('the newest version wins, in whatever order events come', async () => {
    const unit = brooch();
    const deliver = (version: number, serial: string) =>
      workshop.deliver('inventory.serial-unit-changed', unit.serialUnitId, {
        ...unit,
        version,
        serial,
      });
    await deliver(2, 'new');
    await deliver(1, 'old');
    expect(await workshop.rows('SELECT version::int, serial FROM known_unit')).toEqual([
      { version: 2, serial: 'new' },
    ]);
  });
});

describe('the graph', () => {
  test('repairs are paged newest first and filtered by stage', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c'])
      ids.push((await open({ pieceDescription: name })).repair.id);
    await setStage(ids[1]!, 'QUOTED');
    const list = async (variables: Record<string, unknown>) => {
      const answer = await workshop.graphql(
        `query ($first: Int, $after: String, $stage: RepairStage) { repairs(first: $first, after: $after, stage: $stage) {
           nodes { id } pageInfo { hasNextPage endCursor } } }`,
        variables,
      );
      return answer.data!['repairs'];
    };
    const page = await list({ first: 2 });
    expect(page.nodes.map((node: any) => node.id)).toEqual([ids[2], ids[1]]);
    expect(page.pageInfo.hasNextPage).toBe(true);
    const rest = await list({ first: 2, after: page.pageInfo.endCursor });
    expect([rest.nodes, rest.pageInfo.hasNextPage]).toEqual([[{ id: ids[0] }], false]);
    expect((await list({ stage: 'QUOTED' })).nodes).toEqual([{ id: ids[1] }]);
    expect((await list({ stage: 'READY' })).nodes).toEqual([]);
  });

  test('a ticket is found by its number', async () => {
    const { repair } = await open({ pieceDescription: 'Ring' });
    const answer = await workshop.graphql(
      '{ repair(ticketNumber: "R-000001") { id } none: repair(ticketNumber: "R-9") { id } }',
    );
    expect(answer.data).toEqual({ repair: { id: repair.id }, none: null });
  });

  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on SerialUnit { id repairs(first: 1) { nodes { ticketNumber } pageInfo { hasNextPage } } }
    ... on Repair { id stage } } }`;

  test('units get their tickets in one statement; those without have none', async () => {
    const [first, second] = [await known(), await known({ serial: 'S-101' })];
    await open({ serialUnitId: first.serialUnitId });
    const { repair } = await open({ serialUnitId: first.serialUnitId });
    const answer = await workshop.graphql(entities, {
      representations: [
        { __typename: 'SerialUnit', id: first.serialUnitId },
        { __typename: 'SerialUnit', id: second.serialUnitId },
        { __typename: 'SerialUnit', id: 'no id' },
        { __typename: 'Repair', id: repair.id },
      ],
    });
    const none = { nodes: [], pageInfo: { hasNextPage: false } };
    expect(answer.data!['_entities']).toEqual([
      {
        id: first.serialUnitId,
        repairs: { nodes: [{ ticketNumber: 'R-000002' }], pageInfo: { hasNextPage: true } },
      },
      { id: second.serialUnitId, repairs: none },
      { id: 'no id', repairs: none },
      { id: repair.id, stage: 'INTAKE' },
    ]);
  });

  test('another tenant finds nothing, and reading stock alone shows no ticket', async () => {
    const unit = await known();
    const { repair } = await open({ serialUnitId: unit.serialUnitId });
    const representations = [
      { __typename: 'SerialUnit', id: unit.serialUnitId },
      { __typename: 'Repair', id: repair.id },
    ];
    const stranger = await workshop.graphql(entities, { representations }, { tenantId: tenantB });
    expect(stranger.data!['_entities'][0].repairs.nodes).toEqual([]);
    expect(stranger.data!['_entities'][1]).toBeNull();
    const unread = await workshop.graphql(
      entities,
      { representations: [representations[0]] },
      { scopes: 'stock:read' },
    );
    expect(unread.data!['_entities']).toEqual([{ id: unit.serialUnitId, repairs: null }]);
    expect(unread.errors![0]!.extensions.code).toBe('FORBIDDEN');
  });

  test('reading alone opens nothing', async () => {
    await expect(open({ pieceDescription: 'Ring' }, { scopes: 'repair:read' })).rejects.toThrow(
      'FORBIDDEN',
    );
    expect(await written()).toEqual(nothing);
  });
});
