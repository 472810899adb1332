import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  callerOf,
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import type { HoldAllocateInput } from './allocation.service.ts';
import type { Placed } from './hold.service.ts';

describe('allocation', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const key = () => ({ idempotencyKey: randomUUID() });
  const serials = (...names: string[]) => names.map((serial) => ({ serial }));
  const allocate = (holdId: string, more: Partial<HoldAllocateInput> = {}) =>
    room.allocations.allocate(room.caller, { holdId, ...key(), ...more });
  const reallocate = (holdId: string, serial: string) =>
    room.allocations.reallocate(room.caller, { holdId, unit: { serial }, ...key() });
  const held = async (asked: Parameters<StockRoom['hold']>[0]) =>
    expectDone(await room.hold(asked)).hold;
  const liveHolds = () =>
    room.rows<{ id: string; serial: string | null; quantity: number }>(
      `SELECT h.id, u.serial, h.quantity FROM hold h LEFT JOIN serial_unit u ON u.id = h.serial_unit_id
       WHERE h.status = 'LIVE' ORDER BY u.serial NULLS FIRST`,
    );
  const statuses = async () =>
    Object.fromEntries(
      (
        await room.rows<{ serial: string; status: string }>(
          'SELECT serial, status FROM serial_unit_now',
        )
      ).map(({ serial, status }) => [serial, status]),
    );
  /** Units on hand that are not registered: never below zero. */
  const unregistered = async (itemId: string) => {
    const [row] = await room.rows<{ count: number }>(
      'SELECT unit_unregistered($1, $2, $3) AS count',
      [room.tenantId, itemId, room.places.HQ],
    );
    return row!.count;
  };

  async function basket(sku: string, more: object = {}) {
    const [saleId, lineId] = [randomUUID(), randomUUID()];
    const { item, placed } = expectDone(
      await room.holdLine({ saleId, lineId }, { sku, ...more }),
    ) as Placed;
    const { holdId, quantity } = placed!;
    const line = { lineId, stockItemId: item.stockItemId, sku, quantity };
    const claim = async (asked: object = {}) =>
      room.sales.claim(room.caller, { saleId, lines: [{ ...line, ...asked }] });
    const claimed = async (asked: object = {}) =>
      expectDone(await claim(asked)).lines[0]!.units.map(({ serial }) => serial);
    return { saleId, lineId, holdId, line, claim, claimed };
  }

  describe('of a hold', () => {
    it('by hand: each unit becomes a hold of its own, the rest keeps its id; the count does not move', async () => {
      await room.pieces('PHONE', 'S1', 'S2', 'S3', 'S4');
      const hold = await held({ sku: 'PHONE', quantity: 3 });
      const level = await room.level('PHONE');
      const input = { units: serials('S3', 'S1'), ...key() };
      const { holdIds } = expectDone(await allocate(hold.id, input));
      expect(await allocate(hold.id, input)).toEqual({
        __typename: 'HoldAllocateSuccess',
        holdIds,
      });
      expect(await liveHolds()).toEqual([
        { id: hold.id, serial: null, quantity: 1 },
        { id: holdIds[1], serial: 'S1', quantity: 1 },
        { id: holdIds[0], serial: 'S3', quantity: 1 },
      ]);
      const last = expectDone(await allocate(hold.id, { units: serials('S4') }));
      expect(last.holdIds).toEqual([hold.id]);
      expect(await room.level('PHONE')).toEqual(level);
      expect(await statuses()).toEqual({ S1: 'HELD', S2: 'AVAILABLE', S3: 'HELD', S4: 'HELD' });
      await room.assertSums();
    });

    it('all parts of a soft hold end at its instant', async () => {
      await room.pieces('PHONE', 'S1', 'S2');
      const hold = await held({ sku: 'PHONE', quantity: 2 });
      expectDone(await allocate(hold.id));
      const ends = await room.rows('SELECT DISTINCT expires_at FROM hold');
      expect(ends).toEqual([{ expires_at: new Date(String(hold.expiresAt)) }]);
    });

    it('by rule: the oldest, the newest, or as the tenant set it', async () => {
      await room.pieces('PHONE', 'S1');
      for (const serial of ['S2', 'S3', 'S4', 'S5'])
        await room.receive({ sku: 'PHONE', units: [{ serial }] });
      const hold = await held({ sku: 'PHONE', quantity: 4 });
      const next = async (more: Partial<HoldAllocateInput>) => {
        const before = await statuses();
        expectDone(await allocate(hold.id, { quantity: 1, ...more }));
        const after = await statuses();
        return Object.keys(after).filter((serial) => after[serial] !== before[serial]);
      };
      expect(await next({})).toEqual(['S1']);
      expect(await next({ rule: 'NEWEST' })).toEqual(['S5']);
      await room.write(
        `INSERT INTO inventory_setting (tenant_id, allocation_rule) VALUES ($1, 'NEWEST')`,
        [room.tenantId],
      );
      expect(await next({})).toEqual(['S4']);
      expect(await next({ rule: 'OLDEST' })).toEqual(['S2']);
    });

    it('refuses units that are held, elsewhere, of another item or unknown, and writes nothing', async () => {
      const { unitIds } = await room.pieces('PHONE', 'S1', 'S2', 'S3');
      const watch = await room.pieces('WATCH', 'W1');
      await room.receive({ sku: 'PHONE', units: serials('G1') }, 'GM');
      await room.stocked('RING', 3);
      expectDone(await room.hold({ sku: 'PHONE', serial: 'S1' }));
      const hold = await held({ sku: 'PHONE', quantity: 2, locationId: room.places.HQ });
      const ring = await held({ sku: 'RING' });
      const named = await held({ sku: 'WATCH', serial: 'W1' });
      const before = await room.footprint();
      const matrix: [Promise<object>, string][] = [
        [allocate(hold.id, { units: serials('S1') }), 'UNIT_NOT_AVAILABLE'],
        [allocate(hold.id, { units: serials('G1') }), 'UNIT_NOT_AVAILABLE'],
        [allocate(hold.id, { units: serials('W1') }), 'NOT_FOUND'],
        [allocate(hold.id, { units: [{ serialUnitId: watch.unitIds[0] }] }), 'NOT_FOUND'],
        [allocate(hold.id, { units: serials('S2', 'S2') }), 'INVALID_INPUT'],
        [allocate(hold.id, { units: serials('S2', 'S9') }), 'NOT_FOUND'],
        [allocate(hold.id, { units: serials('S1', 'S2', 'S3') }), 'INVALID_INPUT'],
        [allocate(hold.id, { units: [] }), 'INVALID_INPUT'],
        [allocate(hold.id, { units: [{}] }), 'INVALID_INPUT'],
        [allocate(hold.id, { units: serials('S2'), quantity: 1 }), 'INVALID_INPUT'],
        [allocate(hold.id, { quantity: 0 }), 'INVALID_INPUT'],
        [allocate(hold.id, { quantity: 3 }), 'INVALID_INPUT'],
        [allocate(ring.id), 'INVALID_INPUT'],
        [allocate(named.id), 'INVALID_INPUT'],
        [allocate(randomUUID()), 'NOT_FOUND'],
        [reallocate(hold.id, 'S2'), 'INVALID_INPUT'],
        [reallocate(named.id, 'S2'), 'NOT_FOUND'],
        [
          room.allocations.allocate(callerOf(randomUUID()), { holdId: hold.id, ...key() }),
          'NOT_FOUND',
        ],
      ];
      for (const [index, [result, code]] of matrix.entries())
        expect([index, expectRefused(await result).code]).toEqual([index, code]);
      expect(await room.footprint()).toEqual(before);
      expectDone(await allocate(hold.id, { units: [{ serialUnitId: unitIds[1] }] }));
      await room.expire(hold.id);
      expect(expectRefused(await allocate(hold.id)).code).toBe('HOLD_NOT_LIVE');
    });

    it('swaps a unit, and the past still knows which one was held when', async () => {
      const { unitIds } = await room.pieces('PHONE', 'S1', 'S2', 'S3');
      const hold = await held({ sku: 'PHONE', serial: 'S1' });
      expectDone(await room.hold({ sku: 'PHONE', serial: 'S3' }));
      expect(expectRefused(await reallocate(hold.id, 'S3')).code).toBe('UNIT_NOT_AVAILABLE');
      expectDone(await reallocate(hold.id, 'S1'));
      expectDone(await reallocate(hold.id, 'S2'));
      expect(await statuses()).toEqual({ S1: 'AVAILABLE', S2: 'HELD', S3: 'HELD' });
      const kept = await room.rows(
        `SELECT serial_unit_id AS unit, status, settled_at = (SELECT created_at FROM hold WHERE id = $1) AS meets
         FROM hold WHERE $1 IN (id, split_from) ORDER BY created_at`,
        [hold.id],
      );
      expect(kept).toEqual([
        { unit: unitIds[0], status: 'RELEASED', meets: true },
        { unit: unitIds[1], status: 'LIVE', meets: null },
      ]);
      expect(await room.level('PHONE')).toEqual({ onHand: 3, committed: 2, available: 1 });
      await room.assertSums();
    });
  });

  describe('of a sale', () => {
    it('units that were chosen before the claim survive it, the rest follows the tenant’s rule', async () => {
      await room.pieces('PHONE', 'S1', 'S2', 'S3', 'S4', 'S5');
      await room.write(
        `INSERT INTO inventory_setting (tenant_id, allocation_rule) VALUES ($1, 'NEWEST')`,
        [room.tenantId],
      );
      const { saleId, lineId, line, holdId, claimed } = await basket('PHONE', { quantity: 3 });
      expectDone(await allocate(holdId, { units: serials('S2') }));
      const again = await room.holdLine({ saleId, lineId }, { sku: 'PHONE', quantity: 3 });
      expect((again as Placed).placed).toMatchObject({ holdId, quantity: 3, serialUnitId: null });
      const units = await claimed();
      expect(units).toContain('S2');
      expect(units).toHaveLength(3);
      expect(await room.level('PHONE')).toEqual({ onHand: 5, committed: 3, available: 2 });
      expect((await room.apply(saleId, [line])).outcome).toBe('APPLIED');
      expect(Object.values(await statuses()).filter((status) => status === 'SOLD')).toHaveLength(3);
      await room.assertSums();
    });

    it('a chosen unit outlives a changed quantity and a line that names another', async () => {
      const { unitIds } = await room.pieces('PHONE', 'S1', 'S2', 'S3', 'S4');
      const more = await basket('PHONE', { quantity: 2 });
      expectDone(await allocate(more.holdId, { units: serials('S4') }));
      expect(await more.claimed({ quantity: 3 })).toEqual(['S1', 'S2', 'S4']);
      await room.assertSums();
      expectDone(await room.sales.release(room.caller, { saleId: more.saleId }));
      const swapped = await basket('PHONE', { serial: 'S1' });
      expectDone(await reallocate(swapped.holdId, 'S2'));
      expect(await swapped.claimed({ serialUnitId: unitIds[0] })).toEqual(['S2']);
      expect((await statuses())['S1']).toBe('AVAILABLE');
      await room.assertSums();
    });

    it('a claimed line’s unit is swapped until it is in the ledger; who asks for the claim again gets the new one', async () => {
      const { unitIds } = await room.pieces('PHONE', 'S1', 'S2');
      const { saleId, line, holdId, claimed } = await basket('PHONE');
      expect(await claimed()).toEqual(['S1']);
      expectDone(await reallocate(holdId, 'S2'));
      expect(await claimed()).toEqual(['S2']);
      await room.apply(saleId, [line]);
      expect(expectRefused(await reallocate(holdId, 'S1')).code).toBe('HOLD_NOT_LIVE');
      expect(await statuses()).toEqual({ S1: 'AVAILABLE', S2: 'SOLD' });
      const sold = await room.rows("SELECT serial_unit_id FROM movement WHERE reason = 'SALE'");
      expect(sold).toEqual([{ serial_unit_id: unitIds[1] }]);
      await room.assertSums();
    });
  });

  describe('of units that are not all registered', () => {
    it('a claim takes registered units first and the rest without one, in one movement', async () => {
      const { item } = await room.partlyRegistered('CUP', 5, 'S1', 'S2');
      const { saleId, line, claimed } = await basket('CUP', { quantity: 4 });
      expect(await claimed()).toEqual(['S1', 'S2']);
      expect(await liveHolds()).toMatchObject([
        { serial: null, quantity: 2 },
        { serial: 'S1', quantity: 1 },
        { serial: 'S2', quantity: 1 },
      ]);
      await room.apply(saleId, [line]);
      expect(await room.level('CUP')).toEqual({ onHand: 1, committed: 0, available: 1 });
      const moved = await room.rows(
        "SELECT quantity, serial_unit_id IS NULL AS rest FROM movement WHERE reason = 'SALE' ORDER BY 1",
      );
      expect(moved).toEqual([
        { quantity: -2, rest: true },
        { quantity: -1, rest: false },
        { quantity: -1, rest: false },
      ]);
      expect(await unregistered(item.id)).toBe(1);
      const { claim } = await basket('CUP');
      expectDone(await claim());
      expect((await room.level('CUP')).available).toBe(0);
      await room.assertSums();
    });

    it('never more than is on hand: two sales for the last unregistered one, one claims it', async () => {
      const { item } = await room.partlyRegistered('CUP', 2, 'S1');
      expectDone(await room.hold({ sku: 'CUP', serial: 'S1' }));
      const line = () => ({ lineId: randomUUID(), stockItemId: item.id, sku: 'CUP', quantity: 1 });
      const claim = () => room.sales.claim(room.caller, { saleId: randomUUID(), lines: [line()] });
      const results = await Promise.all([claim(), claim(), claim()]);
      expect(results.filter((result) => 'lines' in result)).toHaveLength(1);
      await room.assertSums();
    });

    it('a claim without a unit whose unit is registered before it is applied takes that unit', async () => {
      const { item } = await room.partlyRegistered('CUP', 2);
      const { saleId, line, claimed } = await basket('CUP', { quantity: 2 });
      expect(await claimed()).toEqual([]);
      await room.registerUnit(item.id, 'S1');
      await room.apply(saleId, [line]);
      expect(await room.level('CUP')).toEqual({ onHand: 0, committed: 0, available: 0 });
      expect(await statuses()).toEqual({ S1: 'SOLD' });
      expect(await unregistered(item.id)).toBe(0);
      await room.assertSums();
    });

    it('names the unit of a sale afterwards: the unit is sold, and the count drops no second time', async () => {
      const { item } = await room.partlyRegistered('CUP', 4, 'S1', 'S2');
      expectDone(await room.hold({ sku: 'CUP', serial: 'S1', kind: 'HARD' }));
      const { saleId, lineId, line, holdId, claimed } = await basket('CUP', { quantity: 2 });
      const name = (...names: string[]) =>
        room.allocations.allocateSale(room.caller, {
          saleId,
          lineId,
          units: serials(...names),
          ...key(),
        });
      expect(await claimed()).toEqual(['S2']);
      expect(expectRefused(await name('S1')).code).toBe('INVALID_INPUT');
      await room.apply(saleId, [line]);
      await room.registerUnit(item.id, 'S3');
      const level = await room.level('CUP');
      expect(level).toEqual({ onHand: 2, committed: 1, available: 1 });
      expect(await unregistered(item.id)).toBe(0);

      const before = await room.footprint();
      const refused = [
        await name('S1'),
        await name('S2'),
        await name('S9'),
        await name('S3', 'S3'),
      ];
      expect(refused.map((each) => expectRefused(each).code)).toEqual([
        'UNIT_NOT_AVAILABLE',
        'UNIT_NOT_AVAILABLE',
        'NOT_FOUND',
        'INVALID_INPUT',
      ]);
      expect(expectRefused(await allocate(holdId)).code).toBe('HOLD_NOT_LIVE');
      expect(await room.footprint()).toEqual(before);

      expectDone(await name('S3'));
      expect(expectRefused(await name('S1')).code).toBe('INVALID_INPUT');
      expect(await statuses()).toEqual({ S1: 'HELD', S2: 'SOLD', S3: 'SOLD' });
      // The piece that was taken to have left is on hand, unregistered, and can be sold.
      expect(await room.level('CUP')).toEqual(level);
      expect(await unregistered(item.id)).toBe(1);
      const [last] = await room.rows<{ type: string; data: object }>(
        'SELECT type, data FROM outbox ORDER BY position DESC LIMIT 1',
      );
      expect(last).toMatchObject({
        type: 'inventory.serial-unit-changed',
        data: { serial: 'S3', status: 'SOLD', saleId },
      });
      // The piece without a serial that was sold, when its serial is read off the customer's copy.
      const other = await basket('CUP');
      expectDone(await other.claim());
      await room.apply(other.saleId, [other.line]);
      const late = { saleId: other.saleId, lineId: other.lineId, units: serials('S8') };
      const ask = (more: object = {}) =>
        room.allocations.allocateSale(room.caller, { ...late, ...more, ...key() });
      expect(expectRefused(await ask()).code).toBe('NOT_FOUND');
      const sold = await room.level('CUP');
      expectDone(await ask({ registersUnknown: true }));
      expect((await statuses())['S8']).toBe('SOLD');
      expect(await room.level('CUP')).toEqual(sold);
      expect(await unregistered(item.id)).toBe(0);
      const kept = 'SELECT kind, to_status, reference_id FROM serial_unit_change ORDER BY id';
      expect(await room.rows(kept)).toEqual([
        { kind: 'STATUS', to_status: 'SOLD', reference_id: saleId },
        { kind: 'REGISTERED', to_status: 'AVAILABLE', reference_id: other.saleId },
        { kind: 'STATUS', to_status: 'SOLD', reference_id: other.saleId },
      ]);
      await room.assertSums();
    });
  });
});
