import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  callerOf,
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';

const tenYears = 315_360_000;

describe('changing holds', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterEach(() => jest.useRealTimers());
  afterAll(() => database.drop());

  const held = async (asked: Parameters<StockRoom['hold']>[0]) =>
    expectDone(await room.hold(asked)).hold;
  const extend = (holdId: string, holdSeconds: number, more: object = {}) =>
    room.holdChanges.extend(room.caller, {
      holdId,
      holdSeconds,
      idempotencyKey: randomUUID(),
      ...more,
    });
  const harden = (holdId: string) =>
    room.holdChanges.harden(room.caller, { holdId, idempotencyKey: randomUUID() });
  const release = (holdId: string, quantity?: number, idempotencyKey: string = randomUUID()) =>
    room.holds.release(room.caller, { holdId, quantity, idempotencyKey });
  const rowOf = async (holdId: string) =>
    (
      await room.rows<{ kind: string; status: string; expires_at: Date | null; seconds: number }>(
        `SELECT kind, status, expires_at, round(extract(epoch FROM expires_at - clock_timestamp()))::int AS seconds
         FROM hold WHERE id = $1`,
        [holdId],
      )
    )[0]!;

  describe('time', () => {
    it('unit and parent are one row: at every moment both are held or both are free', async () => {
      const { unitIds } = await room.pieces('BROOCH', 'S1');
      const hold = await held({ sku: 'BROOCH', serial: 'S1' });
      expect(await room.rows('SELECT serial_unit_id FROM hold')).toEqual([
        { serial_unit_id: unitIds[0] },
      ]);
      const look = async () => {
        const [now] = await room.rows<{ facts: string }>(
          `SELECT l.available || ' ' || u.status AS facts FROM level_now l, serial_unit_now u`,
        );
        return now!.facts;
      };
      const seen = [await look()];
      await room.write(
        `UPDATE hold SET expires_at = clock_timestamp() + interval '100 ms' WHERE id = $1`,
        [hold.id],
      );
      while (seen.at(-1) !== '1 AVAILABLE') seen.push(await look());
      expect(new Set(seen)).toEqual(new Set(['0 HELD', '1 AVAILABLE']));
      // Nobody settled anything: reads and the next hold need no expirer.
      expect((await rowOf(hold.id)).status).toBe('LIVE');
      await held({ sku: 'BROOCH', serial: 'S1' });
      await room.assertSums();
    });

    it.each([tenYears, -tenYears])(
      'a server whose clock is off by %i s changes nothing',
      async (skew) => {
        await room.stocked('RING', 1);
        const { useRealTimers } = fakeDate(Date.now() + skew * 1_000);
        const hold = await held({ sku: 'RING', holdSeconds: 600 });
        expectRefused(await room.hold({ sku: 'RING' }));
        expect((await rowOf(hold.id)).seconds).toBeGreaterThan(0);
        expect((await rowOf(hold.id)).seconds).toBeLessThanOrEqual(600);
        expectDone(await extend(hold.id, 1_200));
        expect((await rowOf(hold.id)).seconds).toBeGreaterThan(600);
        expect((await rowOf(hold.id)).seconds).toBeLessThanOrEqual(1_200);
        await room.expire(hold.id);
        expect(expectRefused(await extend(hold.id, 600)).__typename).toBe('HoldNotLive');
        expectDone(await room.hold({ sku: 'RING' }));
        useRealTimers();
      },
    );

    it('extends from now, never shortens, repeats its answer, and leaves a hard hold alone', async () => {
      await room.stocked('RING', 2);
      const soft = await held({ sku: 'RING', holdSeconds: 60 });
      const idempotencyKey = randomUUID();
      expectDone(await extend(soft.id, 3_600, { idempotencyKey }));
      const { expires_at } = await rowOf(soft.id);
      expectDone(await extend(soft.id, 1));
      expectDone(await extend(soft.id, 3_600, { idempotencyKey }));
      expect((await rowOf(soft.id)).expires_at).toEqual(expires_at);
      const other = await extend(soft.id, 7_200, { idempotencyKey });
      expect(expectRefused(other).__typename).toBe('IdempotencyKeyReused');
      const hard = await held({ sku: 'RING', kind: 'HARD' });
      expectDone(await extend(hard.id, 60));
      expect(await rowOf(hard.id)).toMatchObject({ kind: 'HARD', expires_at: null });
    });

    it('a hardened hold does not end by itself; what has ended cannot be hardened', async () => {
      await room.stocked('RING', 2);
      const [kept, lost] = [await held({ sku: 'RING' }), await held({ sku: 'RING' })];
      expectDone(await harden(kept.id));
      expectDone(await harden(kept.id));
      expect(await rowOf(kept.id)).toMatchObject({
        kind: 'HARD',
        status: 'LIVE',
        expires_at: null,
      });
      await room.expire(lost.id);
      expect(expectRefused(await harden(lost.id))).toMatchObject({ status: 'EXPIRED' });
      expect(await room.level('RING')).toEqual({ onHand: 2, committed: 1, available: 1 });
      await room.assertSums();
    });
  });

  describe('letting go of a part', () => {
    it('frees the part at once; the part is a row of its own that keeps the past', async () => {
      await room.stocked('RING', 5);
      const hold = await held({ sku: 'RING', quantity: 5, channel: 'WEB' });
      const idempotencyKey = randomUUID();
      for (const _ of [1, 2]) {
        const done = expectDone(await release(hold.id, 2, idempotencyKey));
        expect(done.hold).toMatchObject({ id: hold.id, status: 'LIVE', quantity: 3 });
        expect(done.released).toMatchObject({
          status: 'RELEASED',
          quantity: 2,
          splitFromId: hold.id,
          channel: 'WEB',
        });
      }
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 3, available: 2 });
      const past = await room.rows(
        `SELECT sum(quantity)::int AS held FROM hold p WHERE created_at <= $1::timestamptz
           AND $1::timestamptz < least(settled_at, expires_at)`,
        [hold.createdAt],
      );
      expect(past).toEqual([{ held: 5 }]);
      for (const [quantity, key] of [
        [1, idempotencyKey],
        [undefined, idempotencyKey],
      ] as const)
        expect(expectRefused(await release(hold.id, quantity, key)).code).toBe(
          'IDEMPOTENCY_KEY_REUSED',
        );
      expect(expectDone(await release(hold.id, 3)).released.id).toBe(hold.id);
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 0, available: 5 });
      await room.assertSums();
    });

    it('at once: 8 callers let go of 1 each of 5, five get it, nobody frees more than was held', async () => {
      await room.stocked('RING', 5);
      const hold = await held({ sku: 'RING', quantity: 5 });
      const results = await Promise.all(Array.from({ length: 8 }, () => release(hold.id, 1)));
      expect(results.filter(isRefusal)).toHaveLength(3);
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 0, available: 5 });
      await room.assertSums();
    });
  });

  it('refuses what is not there, has ended, is a document’s or not the shop’s own, and writes nothing', async () => {
    await room.stocked('RING', 9);
    await room.putOnSale('RING');
    const hold = await held({ sku: 'RING', quantity: 2 });
    const gone = await held({ sku: 'RING' });
    expectDone(await release(gone.id));
    const saleId = randomUUID();
    const line = await room.holdLine({ saleId, lineId: randomUUID() }, { sku: 'RING' });
    const lineHold = (line as { placed: { holdId: string } }).placed.holdId;
    const shop = { ...callerOf(room.tenantId, ['shop:hold']), subject: 'a web shop' };
    const stranger = callerOf(randomUUID());
    const transfer = await held({ sku: 'RING', kind: 'HARD', purpose: 'TRANSFER' });
    await room.write(
      `UPDATE hold SET reference_kind = 'TRANSFER', reference_id = 'T1', line_id = 'L1' WHERE id = $1`,
      [transfer.id],
    );
    const before = await room.footprint();
    const as = (caller: typeof shop) => {
      const key = () => ({ idempotencyKey: randomUUID() });
      return {
        extend: (holdId: string, holdSeconds = 60) =>
          room.holdChanges.extend(caller, { holdId, holdSeconds, ...key() }),
        harden: (holdId: string) => room.holdChanges.harden(caller, { holdId, ...key() }),
        release: (holdId: string, quantity?: number) =>
          room.holds.release(caller, { holdId, quantity, ...key() }),
      };
    };
    const us = as(room.caller);
    const matrix: [Promise<object>, string][] = [
      ...[us.extend, us.harden, us.release].flatMap((act): [Promise<object>, string][] => [
        [act(gone.id), 'HOLD_NOT_LIVE'],
        [act(randomUUID()), 'NOT_FOUND'],
        [act('no id'), 'INVALID_INPUT'],
        [act(lineHold), 'HOLD_OF_SALE'],
        [act(transfer.id), 'HOLD_OF_DOCUMENT'],
      ]),
      [as(stranger).extend(hold.id), 'NOT_FOUND'],
      [as(stranger).harden(hold.id), 'NOT_FOUND'],
      [as(shop).extend(hold.id), 'NOT_FOUND'],
      [as(shop).release(hold.id, 1), 'NOT_FOUND'],
      [as(shop).extend(hold.id, 1_801), 'INVALID_INPUT'],
      [us.extend(hold.id, 0), 'INVALID_INPUT'],
      [us.extend(hold.id, -60), 'INVALID_INPUT'],
      [us.extend(hold.id, 86_401), 'INVALID_INPUT'],
      [us.extend(hold.id, tenYears), 'INVALID_INPUT'],
      [us.release(hold.id, 0), 'INVALID_INPUT'],
      [us.release(hold.id, -1), 'INVALID_INPUT'],
      [us.release(hold.id, 1.5), 'INVALID_INPUT'],
      [us.release(hold.id, 2 ** 31), 'INVALID_INPUT'],
      [us.release(hold.id, 3), 'INVALID_INPUT'],
    ];
    for (const [index, [result, code]] of matrix.entries())
      expect([index, expectRefused(await result).code]).toEqual([index, code]);
    expect(await room.footprint()).toEqual(before);
  });

  it('the hold of a unit in repair ends with the repair only', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    expectDone(await room.setStatus(unitIds[0]!, 'IN_REPAIR'));
    const [kept] = await room.rows<{ id: string }>("SELECT id FROM hold WHERE status = 'LIVE'");
    const before = await room.footprint();
    const swap = { holdId: kept!.id, unit: { serial: 'S2' }, idempotencyKey: randomUUID() };
    for (const result of [
      await release(kept!.id),
      await extend(kept!.id, 60),
      await room.allocations.reallocate(room.caller, swap),
    ])
      expect(expectRefused(result)).toMatchObject({ code: 'HOLD_OF_DOCUMENT', purpose: 'REPAIR' });
    expect(await room.footprint()).toEqual(before);
  });

  it('a public shop extends and lets go of its own soft holds, and of none that was hardened', async () => {
    await room.stocked('RING', 2);
    await room.putOnSale('RING');
    const shop = { ...callerOf(room.tenantId, ['shop:hold']), subject: 'a web shop' };
    const asked = { sku: 'RING', quantity: 1, kind: 'SOFT' as const, holdSeconds: 60 };
    const { hold } = expectDone(
      await room.holds.create(shop, {
        ...asked,
        purpose: 'WEB_CHECKOUT',
        idempotencyKey: randomUUID(),
      }),
    );
    const own = { holdId: hold.id, holdSeconds: 1_800 };
    expectDone(await room.holdChanges.extend(shop, { ...own, idempotencyKey: randomUUID() }));
    expectDone(await harden(hold.id));
    const release = room.holds.release(shop, { holdId: hold.id, idempotencyKey: randomUUID() });
    expect(expectRefused(await release).code).toBe('NOT_FOUND');
  });
});

// Only Date: the driver's timers and sockets go on.
function fakeDate(now: number) {
  const doNotFake = [
    'hrtime',
    'nextTick',
    'performance',
    'queueMicrotask',
    'setImmediate',
    'clearImmediate',
    'setInterval',
    'clearInterval',
    'setTimeout',
    'clearTimeout',
  ] as const;
  return jest.useFakeTimers({ now, doNotFake: [...doNotFake] });
}
