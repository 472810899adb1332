import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { createTransferService } from '../../documents/transfer/transfer.service.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';
import { setUnitStatuses } from './unit-status.service.ts';

describe('what becomes of a unit', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const set = (unitId: string, to: SerialUnitStatus, more = {}) => room.setStatus(unitId, to, more);
  const movements = () =>
    room.rows('SELECT quantity, reason FROM movement ORDER BY position OFFSET 2');
  const liveHolds = () =>
    room.rows(`SELECT kind, purpose, serial_unit_id AS unit FROM hold WHERE status = 'LIVE'`);

  /** The sale, or null where it did not get the unit. */
  async function sell(itemId: string, unitId: string): Promise<string | null> {
    const saleId = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: itemId, sku: 'RING', quantity: 1 };
    const applied = await room.apply(saleId, [{ ...line, serialUnitId: unitId }]);
    return applied.outcome === 'APPLIED' ? saleId : null;
  }
  async function sold(itemId: string, unitId: string): Promise<string> {
    const saleId = await sell(itemId, unitId);
    if (!saleId) throw new Error(`unit ${unitId} was not sold`);
    return saleId;
  }

  type Step = [
    SerialUnitStatus,
    { onHand: number; committed: number },
    { quantity: number; reason: string } | null,
    string | null,
  ];
  // Of two units one changes; the other stays for sale.
  const ways: [string, Step[]][] = [
    [
      'goes to the bench and comes back',
      [
        ['IN_REPAIR', { onHand: 2, committed: 1 }, null, 'REPAIR'],
        ['AVAILABLE', { onHand: 2, committed: 0 }, null, null],
      ],
    ],
    [
      'is lost and found',
      [
        ['LOST', { onHand: 1, committed: 0 }, { quantity: -1, reason: 'LOSS' }, null],
        ['AVAILABLE', { onHand: 2, committed: 0 }, { quantity: 1, reason: 'FOUND' }, null],
      ],
    ],
    [
      'is scrapped',
      [['SCRAPPED', { onHand: 1, committed: 0 }, { quantity: -1, reason: 'DAMAGE' }, null]],
    ],
    [
      'is lost at the bench',
      [
        ['IN_REPAIR', { onHand: 2, committed: 1 }, null, 'REPAIR'],
        ['LOST', { onHand: 1, committed: 0 }, { quantity: -1, reason: 'LOSS' }, null],
      ],
    ],
  ];
  it.each(ways)('that %s is in the count as it should be', async (_, steps) => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    const unit = unitIds[0]!;
    const expected: object[] = [];
    for (const [to, { onHand, committed }, movement, purpose] of steps) {
      const done = expectDone(await set(unit, to));
      expect(done.movementId !== null).toBe(movement !== null);
      if (movement) expected.push(movement);
      expect(await room.unitStatus(unit)).toBe(to);
      const available = onHand - committed;
      expect(await room.level('RING')).toEqual({ onHand, committed, available });
      expect(await liveHolds()).toEqual(purpose ? [{ kind: 'HARD', purpose, unit }] : []);
    }
    expect(await movements()).toEqual(expected);
    await room.assertSums();
  });

  it('sold, come back, looked at, at the bench, sold again: by two sales, with one claim at a time', async () => {
    const { item, unitIds } = await room.pieces('RING', 'S1', 'S2');
    const unit = unitIds[0]!;
    const first = await sold(item.id, unit);
    expectDone(await set(unit, 'RETURNED', { referenceKind: 'SALE', referenceId: first }));
    expect(await room.level('RING')).toEqual({ onHand: 2, committed: 1, available: 1 });
    expect(await liveHolds()).toEqual([{ kind: 'HARD', purpose: 'INSPECTION', unit }]);
    const [row] = await room.rows('SELECT sale_id, sold_at FROM serial_unit WHERE id = $1', [unit]);
    expect(row).toEqual({ sale_id: null, sold_at: null });
    expectDone(await set(unit, 'IN_REPAIR'));
    expect(await liveHolds()).toEqual([{ kind: 'HARD', purpose: 'REPAIR', unit }]);
    expectDone(await set(unit, 'AVAILABLE'));
    expect(await room.level('RING')).toEqual({ onHand: 2, committed: 0, available: 2 });
    const second = await sold(item.id, unit);
    // The same event again, of either sale, changes nothing.
    expect((await room.apply(first)).outcome).toBe('ALREADY');
    expect((await room.apply(second)).outcome).toBe('ALREADY');
    expect(await movements()).toEqual([
      { quantity: -1, reason: 'SALE' },
      { quantity: 1, reason: 'RETURN' },
      { quantity: -1, reason: 'SALE' },
    ]);
    const claims = await room.rows(
      `SELECT reference_id AS sale, status FROM hold WHERE purpose = 'SALE' ORDER BY created_at`,
    );
    expect(claims).toEqual([
      { sale: first, status: 'RELEASED' },
      { sale: second, status: 'SOLD' },
    ]);
    await room.assertSums();
  });

  it('comes back to another shop, or turns up there', async () => {
    const { item, unitIds } = await room.pieces('RING', 'S1', 'S2');
    const [first, second] = unitIds as [string, string];
    await sold(item.id, first);
    expectDone(await set(first, 'RETURNED', { locationId: room.places.GM }));
    expectDone(await set(second, 'LOST'));
    expectDone(await set(second, 'AVAILABLE', { locationId: room.places.GM }));
    expect(await room.level('RING')).toEqual({ onHand: 0, committed: 0, available: 0 });
    expect(await room.level('RING', 'GM')).toEqual({ onHand: 2, committed: 1, available: 1 });
    await room.assertSums();
  });

  it('is answered the same under the same key', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    const input = { serialUnitId: unitIds[0]!, to: 'LOST' as const, idempotencyKey: 'k' };
    const first = expectDone(await room.units.setStatus(room.caller, input));
    expect(await room.units.setStatus(room.caller, input)).toEqual(first);
    const other = { ...input, to: 'SCRAPPED' as const };
    expect(expectRefused(await room.units.setStatus(room.caller, other)).code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });

  it('is refused with its reason, and then nothing is written', async () => {
    const { item, unitIds } = await room.pieces('RING', 'S1', 'S2', 'S3', 'S4');
    const [free, held, gone, scrapped] = unitIds as [string, string, string, string];
    expectDone(await room.hold({ sku: 'RING', serial: 'S2' }));
    await sold(item.id, gone);
    expectDone(await set(scrapped, 'SCRAPPED'));
    const before = await room.footprint();
    const refusal = async (unitId: string, to: SerialUnitStatus, more = {}) =>
      expectRefused(await set(unitId, to, more));
    for (const to of ['HELD', 'SOLD', 'IN_TRANSIT'] as const)
      expect(await refusal(free, to)).toMatchObject({
        __typename: 'TransitionNotAllowed',
        from: 'AVAILABLE',
        to,
        allowed: ['IN_REPAIR', 'LOST', 'SCRAPPED'],
      });
    expect(await refusal(free, 'AVAILABLE')).toMatchObject({ code: 'TRANSITION_NOT_ALLOWED' });
    expect(await refusal(free, 'RETURNED')).toMatchObject({ code: 'TRANSITION_NOT_ALLOWED' });
    expect(await refusal(scrapped, 'AVAILABLE')).toMatchObject({ allowed: [] });
    expect(await refusal(gone, 'AVAILABLE')).toMatchObject({ allowed: ['RETURNED'] });
    expect(await refusal(held, 'LOST')).toMatchObject({
      __typename: 'UnitNotAvailable',
      unitStatus: 'HELD',
      heldBy: 'BASKET',
      heldUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
    });
    expect(await refusal(free, 'LOST', { locationId: room.places.GM })).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'locationId',
    });
    const elsewhere = { locationId: randomUUID() };
    expect(await refusal(gone, 'RETURNED', elsewhere)).toMatchObject({ kind: 'Location' });
    expect(await refusal(randomUUID(), 'LOST')).toMatchObject({ kind: 'SerialUnit' });
    expect(await refusal('no id', 'LOST')).toMatchObject({ field: 'serialUnitId' });
    expect(await refusal(free, 'LOST', { referenceKind: 'a sale' })).toMatchObject({
      field: 'referenceKind',
    });
    expect(await refusal(free, 'LOST', { note: '\0' })).toMatchObject({ field: 'note' });
    expect(await room.footprint()).toEqual(before);
  });

  it('is kept by its status: nobody releases the hold of a unit at the bench or under inspection', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    expectDone(await set(unitIds[0]!, 'IN_REPAIR'));
    const [hold] = await room.rows<{ id: string }>('SELECT id FROM hold');
    const before = await room.footprint();
    const input = { holdId: hold!.id, idempotencyKey: randomUUID() };
    expect(expectRefused(await room.holds.release(room.caller, input)).code).toBe(
      'HOLD_OF_DOCUMENT',
    );
    expect(await room.footprint()).toEqual(before);
  });

  it('cannot take away the last one that a generic hold was promised', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
    const before = await room.footprint();
    for (const to of ['IN_REPAIR', 'LOST', 'SCRAPPED'] as const)
      expect(expectRefused(await set(unitIds[0]!, to))).toMatchObject({
        code: 'INSUFFICIENT_STOCK',
        requested: 1,
        available: 0,
        locationCode: 'HQ',
      });
    expect(await room.footprint()).toEqual(before);
  });

  it('of many units: all or none, and each that is refused is named', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2', 'S3');
    const [first, second, third] = unitIds as [string, string, string];
    expectDone(await room.hold({ sku: 'RING', serial: 'S2' }));
    const document = {
      reason: 'COUNT_CORRECTION' as const,
      referenceKind: 'STOCKTAKE',
      referenceId: 'T-1',
      note: null,
      actor: 'tester',
      traceparent: null,
    };
    const lose = (...ids: string[]) =>
      room.db.inTransaction(room.tenantId, (tx) =>
        setUnitStatuses(
          tx,
          ids.map((unitId) => ({ unitId, to: 'LOST' as const })),
          document,
        ),
      );
    const before = await room.footprint();
    expect(await lose(first, second, third)).toMatchObject({
      refused: [{ unitId: second, refusal: { code: 'UNIT_NOT_AVAILABLE' } }],
    });
    expect(await room.footprint()).toEqual(before);
    const set = await lose(first, third);
    expect(set).toMatchObject([{ unitId: first }, { unitId: third }]);
    expect(
      await room.rows(`SELECT count(*) AS count FROM movement WHERE reason = 'COUNT_CORRECTION'`),
    ).toEqual([{ count: 2 }]);
    expect(await room.level('RING')).toEqual({ onHand: 1, committed: 1, available: 0 });
    await room.assertSums();
  });

  it('at the bench it is kept whatever document is named: a transfer that ends does not let it go', async () => {
    const { unitIds } = await room.pieces('RING', 'S1', 'S2');
    const transfers = createTransferService({ db: room.db });
    const key = () => ({ idempotencyKey: randomUUID() });
    const [fromLocationId, toLocationId] = [room.places.HQ, room.places.GM];
    const draft = { fromLocationId, toLocationId, lines: [{ sku: 'RING', serials: ['S1'] }] };
    const { transferId } = expectDone(await transfers.create(room.caller, { ...draft, ...key() }));
    const reference = { referenceKind: 'TRANSFER', referenceId: transferId };
    const repair = { serialUnitId: unitIds[1]!, to: 'IN_REPAIR' as const, ...reference };
    expectDone(await room.units.setStatus(room.caller, { ...repair, ...key() }));
    expectDone(await transfers.cancel(room.caller, { transferId, ...key() }));
    expect(await room.level('RING')).toEqual({ onHand: 2, committed: 1, available: 1 });
  });

  it('races: of ten who lose a unit one does; sold or at the bench, never both; returned once', async () => {
    const { item, unitIds } = await room.pieces('RING', 'S1', 'S2');
    const [first, second] = unitIds as [string, string];
    const lost = await Promise.all(Array.from({ length: 10 }, () => set(first, 'LOST')));
    expect(lost.filter((each) => !isRefusal(each))).toHaveLength(1);
    expectDone(await set(first, 'AVAILABLE'));
    for (let round = 0; round < 5; round += 1) {
      const [repaired, sale] = await Promise.all([set(second, 'IN_REPAIR'), sell(item.id, second)]);
      expect(isRefusal(repaired)).toBe(sale !== null);
      if (sale) {
        const back = await Promise.all([1, 2, 3].map(() => set(second, 'RETURNED')));
        expect(back.filter((each) => !isRefusal(each))).toHaveLength(1);
      }
      // Back for sale, while somebody wants to buy it: the count stays right whoever comes first.
      const [free, again] = await Promise.all([set(second, 'AVAILABLE'), sell(item.id, second)]);
      expectDone(free);
      if (again) {
        expectDone(await set(second, 'RETURNED'));
        expectDone(await set(second, 'AVAILABLE'));
      }
      await room.assertSums();
    }
    expect(await room.level('RING')).toEqual({ onHand: 2, committed: 0, available: 2 });
  });
});
