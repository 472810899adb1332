import { randomUUID } from 'node:crypto';
import { isRefusal, type Refusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import type { TransferLineInput } from './transfer-pick.steps.ts';
import { createTransferService, type TransferService } from './transfer.service.ts';
import { selectInTransit, selectLines } from './transfer.sql.ts';
import type { TransferReason } from './transfer.ts';

describe('transfers', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let transfers: TransferService;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    transfers = createTransferService({ db: room.db });
  });
  afterAll(() => database.drop());

  const key = () => ({ idempotencyKey: randomUUID() });
  const create = (lines: TransferLineInput[]) =>
    transfers.create(room.caller, {
      fromLocationId: room.places.HQ,
      toLocationId: room.places.GM,
      lines,
      ...key(),
    });
  const drafted = async (...lines: TransferLineInput[]) =>
    expectDone(await create(lines)).transferId;
  const dispatch = (transferId: string) =>
    transfers.dispatch(room.caller, { transferId, ...key() });
  const sent = async (...lines: TransferLineInput[]) => {
    const id = await drafted(...lines);
    expectDone(await dispatch(id));
    return id;
  };
  type Arrived = { lines?: TransferLineInput[]; codes?: string[]; isComplete?: boolean };
  const receive = (transferId: string, arrived: Arrived) =>
    transfers.receive(room.caller, { transferId, ...arrived, ...key() });
  const statusOf = async (id: string) => (await transfers.find(room.caller, id))!.status;
  const linesOf = (id: string) => room.db.read(room.tenantId, (tx) => selectLines(tx, id));
  const inTransit = async (itemId: string) =>
    (await room.db.read(room.tenantId, (tx) => selectInTransit(tx, [itemId])))[0]?.quantity ?? 0;
  const codesOf = (result: object | Refusal) =>
    (expectRefused(result)['reasons'] as TransferReason[]).map(({ index, code }) => [index, code]);

  it('hold what is packed, count it nowhere on its way, and count it where it arrives', async () => {
    const ring = await room.stocked('RING', 10);
    const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    const id = await drafted({ sku: 'RING', quantity: 4 }, { sku: 'BROOCH', serials: ['S1'] });
    expect(await room.level('RING')).toEqual({ onHand: 10, committed: 4, available: 6 });
    expect(expectRefused(await room.hold({ sku: 'BROOCH', serial: 'S1' }))).toMatchObject({
      __typename: 'UnitNotAvailable',
      heldBy: 'TRANSFER',
    });

    expectDone(await dispatch(id));
    expect(await room.level('RING')).toEqual({ onHand: 6, committed: 0, available: 6 });
    expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 0, available: 1 });
    expect(await room.unitStatus(unitIds[0]!)).toBe('IN_TRANSIT');
    expect([await inTransit(ring.id), await inTransit(item.id)]).toEqual([4, 1]);

    expectDone(await receive(id, { lines: [{ sku: 'RING', quantity: 3 }] }));
    expect(await statusOf(id)).toBe('PARTIALLY_RECEIVED');
    expectDone(await receive(id, { codes: ['S1'], lines: [{ sku: 'RING', quantity: 1 }] }));
    expect(await statusOf(id)).toBe('RECEIVED');
    expect(await room.level('RING', 'GM')).toEqual({ onHand: 4, committed: 0, available: 4 });
    expect(
      await room.rows('SELECT status, location_id AS place FROM serial_unit WHERE id = $1', [
        unitIds[0],
      ]),
    ).toEqual([{ status: 'AVAILABLE', place: room.places.GM }]);
    expect(await inTransit(ring.id)).toBe(0);
    expect(
      await room.rows(
        `SELECT quantity, reference_kind AS kind, reference_id AS id FROM movement WHERE reason = 'TRANSFER' ORDER BY position`,
      ),
    ).toEqual([-4, -1, 3, 1, 1].map((quantity) => ({ quantity, kind: 'TRANSFER', id })));
    await room.assertSums();
  });

  it('are packed by scan, grow a line scanned twice, and let go what is taken off', async () => {
    await room.stocked('RING', 3);
    await room.pieces('BROOCH', 'S1');
    const transferId = await drafted();
    const scan = (...codes: string[]) =>
      transfers.scan(room.caller, { transferId, codes, ...key() });
    expectDone(await scan('RING', 'S1', 'RING'));
    expectDone(await scan('RING'));
    const [ring] = await linesOf(transferId);
    expect((await linesOf(transferId)).map(({ quantity }) => quantity)).toEqual([3, 1]);
    expect(await room.level('RING')).toEqual({ onHand: 3, committed: 3, available: 0 });
    expect(codesOf(await scan('S1', 'RING', 'NOTHING', 'BROOCH'))).toEqual([
      [0, 'DUPLICATE_UNIT'],
      [1, 'INSUFFICIENT'],
      [2, 'UNKNOWN_CODE'],
      [3, 'UNITS_REQUIRED'],
    ]);
    const remove = { transferId, transferLineId: ring!.id, ...key() };
    expectDone(await transfers.lineRemove(room.caller, remove));
    expect(await room.level('RING')).toEqual({ onHand: 3, committed: 0, available: 3 });
    expect(
      expectRefused(await transfers.lineRemove(room.caller, { ...remove, ...key() })),
    ).toMatchObject({ __typename: 'NotFound', kind: 'TransferLine' });
    await room.assertSums();
  });

  it('refuse line by line what cannot travel, and write nothing then', async () => {
    await room.stocked('RING', 3);
    await room.register('WORK', 'NONE');
    const { unitIds } = await room.pieces('BROOCH', 'HELD', 'GONE', 'FREE');
    await room.receive({ sku: 'BROOCH', units: [{ serial: 'AWAY' }] }, 'GM');
    expectDone(await room.hold({ sku: 'BROOCH', serial: 'HELD' }));
    await sent({ sku: 'BROOCH', serials: ['GONE'] });
    const before = await room.footprint();
    const result = await create([
      { sku: 'NOTHING', quantity: 1 },
      { sku: 'WORK', quantity: 1 },
      { sku: 'RING', quantity: 0 },
      { sku: 'RING', quantity: -1 },
      { sku: 'RING', quantity: 4 },
      { sku: 'BROOCH', serials: ['HELD'] },
      { sku: 'BROOCH', serials: ['GONE'] },
      { sku: 'BROOCH', serials: ['AWAY'] },
      { sku: 'BROOCH', serials: ['NONE'] },
      { sku: 'BROOCH', serials: ['FREE', 'FREE'] },
      { sku: 'BROOCH', quantity: 2, serials: ['FREE'] },
      { sku: 'BROOCH', quantity: 1 },
    ]);
    expect(codesOf(result)).toEqual([
      [0, 'UNKNOWN_SKU'],
      [1, 'NOT_TRACKED'],
      [2, 'QUANTITY_INVALID'],
      [3, 'QUANTITY_INVALID'],
      [4, 'INSUFFICIENT'],
      [5, 'UNIT_HELD'],
      [6, 'UNIT_IN_TRANSIT'],
      [7, 'UNIT_ELSEWHERE'],
      [8, 'UNKNOWN_UNIT'],
      [9, 'DUPLICATE_UNIT'],
      [10, 'QUANTITY_INVALID'],
      [11, 'UNITS_REQUIRED'],
    ]);
    const { HQ, GM } = room.places;
    const places = [
      [HQ, HQ, 'InvalidInput'],
      [HQ, randomUUID(), 'NotFound'],
      ['no id', GM, 'InvalidInput'],
    ] as const;
    for (const [fromLocationId, toLocationId, name] of places)
      expect(
        expectRefused(
          await transfers.create(room.caller, { fromLocationId, toLocationId, ...key() }),
        ).__typename,
      ).toBe(name);
    expect(await room.footprint()).toEqual(before);
    expect(await room.unitStatus(unitIds[2]!)).toBe('AVAILABLE');
  });

  it('carry no more than their totals can say', async () => {
    await room.stocked('RING', 1);
    const transferId = await drafted();
    await room.write(
      `WITH item AS (
         INSERT INTO stock_item (tenant_id, sku, title, tracking)
         SELECT $1, 'BOLT-' || n, 'Bolt', 'QUANTITY' FROM generate_series(1, 1000) n RETURNING id)
       INSERT INTO transfer_line (tenant_id, transfer_id, stock_item_id, quantity) SELECT $1, $2, id, 1000000 FROM item`,
      [room.tenantId, transferId],
    );
    const lines = [{ sku: 'RING', quantity: 1 }];
    const more = await transfers.lineAdd(room.caller, { transferId, lines, ...key() });
    expect(expectRefused(more)).toMatchObject({ code: 'INVALID_INPUT', field: 'lines' });
  });

  it('refuse to arrive more often, elsewhere or as something else than they left', async () => {
    await room.stocked('RING', 5);
    await room.stocked('CHAIN', 5);
    await room.pieces('BROOCH', 'S1', 'S2');
    const draft = await drafted({ sku: 'RING', quantity: 1 });
    const id = await sent({ sku: 'RING', quantity: 2 }, { sku: 'BROOCH', serials: ['S1'] });
    expectDone(await receive(id, { codes: ['S1'] }));
    const before = await room.footprint();
    const result = await receive(id, {
      lines: [
        { sku: 'RING', quantity: 3 },
        { sku: 'CHAIN', quantity: 1 },
      ],
      codes: ['S1', 'S2', 'NOTHING'],
    });
    expect(codesOf(result)).toEqual([
      [0, 'MORE_THAN_IN_TRANSIT'],
      [1, 'NOT_OF_TRANSFER'],
      [2, 'MORE_THAN_IN_TRANSIT'],
      [3, 'NOT_OF_TRANSFER'],
      [4, 'UNKNOWN_CODE'],
    ]);
    expect(expectRefused(await receive(id, {})).__typename).toBe('InvalidInput');
    expect(expectRefused(await dispatch(id))).toMatchObject({
      __typename: 'TransferNotInStatus',
      status: 'PARTIALLY_RECEIVED',
      allowed: ['DRAFT'],
    });
    expect(expectRefused(await receive(draft, { isComplete: true })).__typename).toBe(
      'TransferNotInStatus',
    );
    expect(expectRefused(await dispatch(await drafted())).__typename).toBe('InvalidInput');
    expect(expectRefused(await dispatch(randomUUID())).__typename).toBe('NotFound');
    const after = await room.footprint();
    expect({ ...after[0], keys: 0 }).toEqual({ ...before[0], keys: 0 });
  });

  it('close with a reason for each difference: units are lost, quantities stand on their line', async () => {
    const ring = await room.stocked('RING', 5);
    const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    const id = await sent({ sku: 'RING', quantity: 5 }, { sku: 'BROOCH', serials: ['S1', 'S2'] });
    expectDone(await receive(id, { lines: [{ sku: 'RING', quantity: 2 }] }));
    const [rings, first, second] = (await linesOf(id)).map(({ id: lineId }) => lineId);
    type Close = Parameters<TransferService['close']>[1];
    const close = (differences: Close['differences']) =>
      transfers.close(room.caller, { transferId: id, differences, ...key() });
    const lost = { outcome: 'MISSING', reason: 'LOSS' } as const;
    const back = { outcome: 'RETURNED', reason: 'COUNT_CORRECTION' } as const;
    const before = await room.footprint();
    expect(
      codesOf(
        await close([
          { transferLineId: rings!, quantity: 4, ...lost },
          { transferLineId: randomUUID(), quantity: 1, ...lost },
          { transferLineId: first!, quantity: 0, ...lost },
        ]),
      ),
    ).toEqual([
      [0, 'MORE_THAN_IN_TRANSIT'],
      [1, 'UNKNOWN_LINE'],
      [2, 'QUANTITY_INVALID'],
    ]);
    expect(codesOf(await close([{ transferLineId: rings!, quantity: 2, ...lost }]))).toEqual([
      [1, 'NOT_DECLARED'],
      [2, 'NOT_DECLARED'],
      [3, 'NOT_DECLARED'],
    ]);
    const other = {
      transferLineId: rings!,
      quantity: 3,
      outcome: 'MISSING',
      reason: 'OTHER',
    } as const;
    expect(expectRefused(await close([other])).__typename).toBe('InvalidInput');
    expect(await room.footprint()).toEqual(before);

    expectDone(
      await close([
        { transferLineId: rings!, quantity: 1, ...lost },
        { transferLineId: rings!, quantity: 2, ...back },
        { transferLineId: first!, quantity: 1, ...lost },
        { transferLineId: second!, quantity: 1, ...back },
      ]),
    );
    expect(await statusOf(id)).toBe('CLOSED');
    expect(await room.level('RING')).toEqual({ onHand: 2, committed: 0, available: 2 });
    expect(await room.unitStatus(unitIds[0]!)).toBe('LOST');
    expect(await room.unitStatus(unitIds[1]!)).toBe('AVAILABLE');
    expect(await inTransit(ring.id)).toBe(0);
    expect((await linesOf(id))[0]).toMatchObject({ received: 2, returned: 2, missing: 1 });
    await room.assertSums();
  });

  it('close with one word for all that nobody named', async () => {
    await room.stocked('RING', 5);
    const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    const id = await sent({ sku: 'RING', quantity: 5 }, { sku: 'BROOCH', serials: ['S1', 'S2'] });
    const [rings] = await linesOf(id);
    const rest = { outcome: 'MISSING', reason: 'OTHER' } as const;
    const back = { outcome: 'RETURNED', reason: 'COUNT_CORRECTION' } as const;
    const differences = [{ transferLineId: rings!.id, quantity: 2, ...back }];
    const close = (note?: string) => {
      const input = { transferId: id, differences, rest: { ...rest, note }, ...key() };
      return transfers.close(room.caller, input);
    };
    expect(expectRefused(await close())).toMatchObject({ field: 'rest.note' });
    expectDone(await close('the van burned'));
    expect(await linesOf(id)).toMatchObject([
      { returned: 2, missing: 3, inTransit: 0 },
      { missing: 1 },
      { missing: 1 },
    ]);
    for (const unitId of unitIds) expect(await room.unitStatus(unitId)).toBe('LOST');
    expect(await room.level('RING')).toEqual({ onHand: 2, committed: 0, available: 2 });
    await room.assertSums();
  });

  it('take the cost of what is missing out of the books, and say what it was', async () => {
    await room.register('RING');
    const unitCost = { amount: '10.00', currencyCode: 'EUR' };
    const receipt = {
      locationCode: 'HQ',
      lines: [{ sku: 'RING', quantity: 4, unitCost }],
      ...key(),
    };
    expectDone(await room.receipts.receive(room.caller, receipt));
    const id = await sent({ sku: 'RING', quantity: 3 });
    const [line] = await linesOf(id);
    const of = { transferLineId: line!.id, quantity: 1, reason: 'LOSS' } as const;
    const differences = [
      { ...of, outcome: 'MISSING' },
      { ...of, quantity: 2, outcome: 'RETURNED' },
    ] as const;
    expectDone(await transfers.close(room.caller, { transferId: id, differences, ...key() }));
    expect(
      await room.rows(
        'SELECT outcome, cost_minor::int AS cost, cost_quantity AS of FROM transfer_difference ORDER BY id',
      ),
    ).toEqual([
      { outcome: 'MISSING', cost: 1000, of: 1 },
      { outcome: 'RETURNED', cost: null, of: null },
    ]);
    expect(await room.rows('SELECT quantity::int AS quantity FROM item_cost')).toEqual([
      { quantity: 3 },
    ]);
  });

  it('when cancelled give back what a draft holds, or bring back what has not arrived', async () => {
    await room.stocked('RING', 5);
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    const cancel = (transferId: string) => transfers.cancel(room.caller, { transferId, ...key() });
    const draft = await drafted({ sku: 'RING', quantity: 2 }, { sku: 'BROOCH', serials: ['S1'] });
    expectDone(await cancel(draft));
    expect(await room.level('RING')).toEqual({ onHand: 5, committed: 0, available: 5 });
    const id = await sent({ sku: 'RING', quantity: 3 }, { sku: 'BROOCH', serials: ['S1'] });
    expectDone(await receive(id, { lines: [{ sku: 'RING', quantity: 1 }] }));
    expectDone(await cancel(id));
    expect(await statusOf(id)).toBe('CANCELLED');
    expect(await room.level('RING')).toEqual({ onHand: 4, committed: 0, available: 4 });
    expect(await room.level('RING', 'GM')).toEqual({ onHand: 1, committed: 0, available: 1 });
    expect(await room.unitStatus(unitIds[0]!)).toBe('AVAILABLE');
    expect(expectRefused(await cancel(id)).__typename).toBe('TransferNotInStatus');
    await room.assertSums();
  });

  it('leave once, however often and by whom they are sent, received and sold at once', async () => {
    await room.stocked('RING', 10);
    await room.pieces('BROOCH', 'S1');
    // Packing against holds and sales of the same last pieces.
    const packed = await Promise.all(
      Array.from({ length: 8 }, async (_, index) =>
        index % 2
          ? create([
              { sku: 'RING', quantity: 3 },
              { sku: 'BROOCH', serials: ['S1'] },
            ])
          : room.hold({ sku: 'BROOCH', serial: 'S1' }),
      ),
    );
    expect(packed.filter((result) => !isRefusal(result))).toHaveLength(1);
    const id = await drafted({ sku: 'RING', quantity: 3 });
    const sales = Array.from({ length: 8 }, () => randomUUID());
    const item = (await room.stockItems.find(room.caller, { sku: 'RING' }))!;
    const line = () => ({ lineId: randomUUID(), stockItemId: item.id, sku: 'RING', quantity: 1 });
    const [outcomes, claims] = await Promise.all([
      Promise.all(Array.from({ length: 4 }, () => dispatch(id))),
      Promise.all(
        sales.map((saleId) => room.sales.claim(room.caller, { saleId, lines: [line()] })),
      ),
    ]);
    expect(outcomes.filter((result) => !isRefusal(result))).toHaveLength(1);
    // Where a transfer won the brooch, its three rings are held as well.
    const left = packed.some((each) => 'transferId' in each) ? 4 : 7;
    expect(claims.filter((result) => !isRefusal(result))).toHaveLength(left);
    const arrivals = await Promise.all(
      Array.from({ length: 5 }, () => receive(id, { lines: [{ sku: 'RING', quantity: 1 }] })),
    );
    expect(arrivals.filter((result) => !isRefusal(result))).toHaveLength(3);
    expect((await room.level('RING', 'GM')).onHand).toBe(3);
    await room.assertSums();
  });
});
