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

describe('holds', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  describe('races', () => {
    it('40 callers for one named piece: one holds it, 39 are told who does', async () => {
      const { unitIds } = await room.pieces('BROOCH', 'S1');
      const results = await Promise.all(
        Array.from({ length: 40 }, () => room.hold({ sku: 'BROOCH', serial: 'S1' })),
      );
      const refused = results.filter(isRefusal);
      expect(refused).toHaveLength(39);
      for (const refusal of refused)
        expect(refusal).toMatchObject({
          __typename: 'UnitNotAvailable',
          serial: 'S1',
          unitStatus: 'HELD',
          heldBy: 'BASKET',
          message: expect.stringContaining('The BROOCH (BROOCH), serial S1'),
        });
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 1, available: 0 });
      expect(await room.unitStatus(unitIds[0]!)).toBe('HELD');
      await room.assertSums();
    });

    it('40 callers from two processes for 7 rings, 1–3 each: never below zero, the sum exact', async () => {
      await room.stocked('RING', 7);
      const other = await openStockRoom(database);
      const asked = Array.from({ length: 40 }, (_, index) => 1 + (index % 3));
      const results = await Promise.all(
        asked.map((quantity, index) => {
          // A second service has its own batcher: what decides is the row, not our process.
          const { holds } = index % 2 === 0 ? room : other;
          const input = { sku: 'RING', quantity, kind: 'SOFT', holdSeconds: 60, purpose: 'BASKET' };
          return holds.create(room.caller, {
            ...(input as { sku: string; quantity: number; kind: 'SOFT' } & typeof input),
            idempotencyKey: randomUUID(),
          });
        }),
      );
      const held = results.reduce(
        (sum, result, index) => (isRefusal(result) ? sum : sum + asked[index]!),
        0,
      );
      const { available } = await room.level('RING');
      expect(available).toBe(7 - held);
      expect(available).toBe(0);
      expect(results.some(isRefusal)).toBe(true);
      await room.assertSums();
    });

    it('the unique index is the last line: a second live claim on a unit is impossible past every check', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
      expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
      const insert = `INSERT INTO hold (tenant_id, kind, status, stock_item_id, location_id, quantity, serial_unit_id,
          purpose, subject, created_at, settled_at)
        VALUES ($1, 'HARD', $5, $2, $3, 1, $4, 'OTHER', 'bypass', now(), CASE WHEN $5 <> 'LIVE' THEN now() END)`;
      const values = [room.tenantId, item.id, room.places.HQ, unitIds[0]];
      for (const status of ['LIVE', 'SOLD'])
        await expect(room.write(insert, [...values, status])).rejects.toMatchObject({
          constraint: 'hold_one_claim_per_unit',
        });
      await room.write(insert, [...values, 'RELEASED']);
    });

    it('the level’s CHECKs are the last line: available, on hand and committed never fall below the floor', async () => {
      await room.stocked('RING', 1);
      const update = (set: string) => room.write(`UPDATE level SET ${set}`);
      await expect(update('committed = 2')).rejects.toMatchObject({
        constraint: 'level_available_floor',
      });
      await expect(update('on_hand = -1')).rejects.toMatchObject({
        constraint: expect.stringMatching(/^level_(on_hand|available)_floor$/),
      });
      await expect(update('committed = -1')).rejects.toMatchObject({
        constraint: 'level_committed_floor',
      });
    });
  });

  describe('generic and specific', () => {
    // 2 units, S1 and S2: [earlier holds, asked, answer]
    const matrix: [string, object[], object, string | null][] = [
      ['a named unit that is free', [], { serial: 'S1' }, null],
      ['another named unit', [{ serial: 'S1' }], { serial: 'S2' }, null],
      ['the same named unit', [{ serial: 'S1' }], { serial: 'S1' }, 'UNIT_NOT_AVAILABLE'],
      ['one of any, with a unit named', [{ serial: 'S1' }], {}, null],
      ['two of any, with a unit named', [{ serial: 'S1' }], { quantity: 2 }, 'INSUFFICIENT_STOCK'],
      [
        'a free unit, its parent claimed by any',
        [{ quantity: 2 }],
        { serial: 'S1' },
        'INSUFFICIENT_STOCK',
      ],
      ['a free unit, its parent half claimed', [{}], { serial: 'S1' }, null],
      ['three of any', [], { quantity: 3 }, 'INSUFFICIENT_STOCK'],
      ['a unit that is none', [], { serial: 'S9' }, 'NOT_FOUND'],
    ];
    it.each(matrix)('%s', async (_, earlier, asked, code) => {
      await room.pieces('PHONE', 'S1', 'S2');
      for (const each of earlier) expectDone(await room.hold({ sku: 'PHONE', ...each }));
      const before = await room.footprint();
      const result = await room.hold({ sku: 'PHONE', ...asked });
      expect(isRefusal(result) ? result.code : null).toBe(code);
      if (code) expect(await room.footprint()).toEqual(before);
      await room.assertSums();
    });

    it('goes where most is available when no location is given, ties by code', async () => {
      await room.stocked('RING', 2);
      await room.receive({ sku: 'RING', quantity: 2 }, 'GM');
      const placeOf = async () => expectDone(await room.hold({ sku: 'RING' })).hold.locationId;
      const { GM, HQ } = room.places;
      expect([await placeOf(), await placeOf(), await placeOf()]).toEqual([GM, HQ, GM]);
    });

    it('says where a named unit is when it is asked for elsewhere', async () => {
      await room.pieces('BROOCH', 'S1');
      const result = await room.hold({ sku: 'BROOCH', serial: 'S1', locationId: room.places.GM });
      expect(expectRefused(result)).toMatchObject({
        ...{ code: 'UNIT_NOT_AVAILABLE', unitStatus: 'AVAILABLE', locationCode: 'HQ' },
        message: 'The BROOCH (BROOCH), serial S1 is at HQ.',
      });
    });
  });

  describe('expiry', () => {
    it('frees unit and parent at the same instant, for reads and for decisions, without a sweeper', async () => {
      const { unitIds } = await room.pieces('BROOCH', 'S1');
      const { hold } = expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 1, available: 0 });
      await room.expire(hold.id);
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 0, available: 1 });
      expect(await room.unitStatus(unitIds[0]!)).toBe('AVAILABLE');
      const next = expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
      expect(next.hold.id).not.toBe(hold.id);
      const statuses = await room.rows('SELECT id, status FROM hold ORDER BY created_at');
      expect(statuses).toEqual([
        { id: hold.id, status: 'EXPIRED' },
        { id: next.hold.id, status: 'LIVE' },
      ]);
      await room.assertSums();
    });

    it('is decided by the database’s clock to the microsecond', async () => {
      await room.stocked('RING', 1);
      const { hold } = expectDone(await room.hold({ sku: 'RING' }));
      expectRefused(await room.hold({ sku: 'RING' }));
      await room.write(
        `UPDATE hold SET expires_at = clock_timestamp() + interval '100 ms' WHERE id = $1`,
        [hold.id],
      );
      const until = `SELECT pg_sleep_until((SELECT expires_at FROM hold WHERE id = $1))`;
      await room.rows(until, [hold.id]);
      expectDone(await room.hold({ sku: 'RING' }));
    });

    it('a hard hold does not expire', async () => {
      await room.stocked('RING', 1);
      const { hold } = expectDone(await room.hold({ sku: 'RING', kind: 'HARD' }));
      expect(hold.expiresAt).toBeNull();
    });
  });

  describe('idempotency', () => {
    it('the same key and input give the same hold, also at once and for a bad line beside it', async () => {
      await room.stocked('RING', 5);
      const idempotencyKey = randomUUID();
      const results = await Promise.all([
        room.hold({ sku: 'RING', quantity: 2, idempotencyKey }),
        room.hold({ sku: 'RING', quantity: 99 }),
        room.hold({ sku: 'RING', quantity: 2, idempotencyKey }),
        room.hold({ sku: 'RING', quantity: 3 }),
      ]);
      const ids = results.map((result) => (isRefusal(result) ? result.code : result.hold.id));
      expect(ids[0]).toBe(ids[2]);
      expect(ids[1]).toBe('INSUFFICIENT_STOCK');
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 5, available: 0 });
    });

    it('the same key with other input, another SKU or another subject is refused and writes nothing', async () => {
      await room.stocked('RING', 5);
      await room.stocked('CHAIN', 5);
      const idempotencyKey = randomUUID();
      expectDone(await room.hold({ sku: 'RING', idempotencyKey }));
      const before = await room.footprint();
      const others = [
        await room.hold({ sku: 'RING', quantity: 2, idempotencyKey }),
        await room.hold({ sku: 'CHAIN', idempotencyKey }),
        await room.holds.create(
          { ...room.caller, subject: 'somebody else' },
          {
            sku: 'RING',
            quantity: 1,
            kind: 'SOFT',
            holdSeconds: 900,
            purpose: 'BASKET',
            idempotencyKey,
          },
        ),
      ];
      for (const result of others)
        expect(expectRefused(result)).toMatchObject({
          __typename: 'IdempotencyKeyReused',
          idempotencyKey,
        });
      expect(await room.footprint()).toEqual(before);
    });
  });

  describe('release', () => {
    it('frees unit and parent; the same key answers again, another key is told', async () => {
      const { unitIds } = await room.pieces('BROOCH', 'S1');
      const { hold } = expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
      const release = (idempotencyKey: string, holdId = hold.id) =>
        room.holds.release(room.caller, { holdId, idempotencyKey });
      for (const _ of [1, 2])
        expect(expectDone(await release('k1')).hold).toMatchObject({ status: 'RELEASED' });
      expect(await room.unitStatus(unitIds[0]!)).toBe('AVAILABLE');
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 0, available: 1 });
      expect(expectRefused(await release('k2'))).toMatchObject({
        __typename: 'HoldNotLive',
        status: 'RELEASED',
      });
      const next = expectDone(await room.hold({ sku: 'BROOCH' }));
      expect(expectRefused(await release('k1', next.hold.id)).code).toBe('IDEMPOTENCY_KEY_REUSED');
      await room.assertSums();
    });

    it('one key for two holds at once: one is released, the other is told', async () => {
      for (const sku of ['A', 'B', 'C', 'D']) await room.stocked(sku, 1);
      const held = await Promise.all(['A', 'B', 'C', 'D'].map((sku) => room.hold({ sku })));
      const results = await Promise.all(
        held.map((each) => {
          const holdId = expectDone(each).hold.id;
          return room.holds.release(room.caller, { holdId, idempotencyKey: 'one for all' });
        }),
      );
      const refused = results.flatMap((result) => (isRefusal(result) ? result.code : []));
      expect(refused).toEqual(Array.from({ length: 3 }, () => 'IDEMPOTENCY_KEY_REUSED'));
      await room.assertSums();
    });

    it('refuses an expired hold, a sale’s hold, another tenant’s and a shop’s that is not its own', async () => {
      await room.stocked('RING', 5);
      const { hold } = expectDone(await room.hold({ sku: 'RING' }));
      const saleId = randomUUID();
      const line = await room.holdLine({ saleId, lineId: randomUUID() }, { sku: 'RING' });
      const lineHold = (line as { placed: { holdId: string } }).placed.holdId;
      const stranger = callerOf(randomUUID());
      const shop = { ...callerOf(room.tenantId, ['shop:hold']), subject: 'a web shop' };
      const codeOf = async (caller: typeof stranger, holdId: string) =>
        expectRefused(await room.holds.release(caller, { holdId, idempotencyKey: randomUUID() }))
          .code;
      const before = await room.footprint();
      expect(await codeOf(room.caller, lineHold)).toBe('HOLD_OF_SALE');
      expect(await codeOf(stranger, hold.id)).toBe('NOT_FOUND');
      expect(await codeOf(shop, hold.id)).toBe('NOT_FOUND');
      expect(await codeOf(room.caller, randomUUID())).toBe('NOT_FOUND');
      expect(await codeOf(room.caller, 'no id')).toBe('INVALID_INPUT');
      expect(await room.footprint()).toEqual(before);
      await room.expire(hold.id);
      expect(await codeOf(room.caller, hold.id)).toBe('HOLD_NOT_LIVE');
    });
  });

  describe('input that cannot be', () => {
    const cases: [string, object, string][] = [
      ['quantity 0', { quantity: 0 }, 'quantity'],
      ['a negative quantity', { quantity: -1 }, 'quantity'],
      ['a quantity above the most', { quantity: 2 ** 31 - 1 }, 'quantity'],
      ['two of a named unit', { serial: 'S1', quantity: 2 }, 'quantity'],
      ['0 seconds', { holdSeconds: 0 }, 'holdSeconds'],
      ['ten years', { holdSeconds: 315_360_000 }, 'holdSeconds'],
      ['a location that is no id', { locationId: 'HQ' }, 'locationId'],
      ['an empty key', { idempotencyKey: '' }, 'idempotencyKey'],
      ['a key with NUL', { idempotencyKey: 'a\0b' }, 'idempotencyKey'],
      ['a serial with half a character', { quantity: 1, serial: 'a\ud800' }, 'serial'],
      ['a line of a sale', { purpose: 'SALE' }, 'purpose'],
      ['a channel in small letters', { channel: 'web' }, 'channel'],
    ];
    it.each(cases)('%s', async (_, asked, field) => {
      await room.stocked('RING', 5);
      const before = await room.footprint();
      const refusal = expectRefused(await room.hold({ sku: 'RING', ...asked }));
      expect(refusal).toMatchObject({ __typename: 'InvalidInput', field });
      expect(await room.footprint()).toEqual(before);
    });

    it('unknown SKU, unknown location, an untracked item, another tenant’s SKU', async () => {
      await room.stocked('RING', 5);
      await room.register('ENGRAVING', 'NONE');
      const other = await openStockRoom(database);
      const codeOf = async (asked: { sku: string; locationId?: string }, from = room) =>
        expectRefused(await from.hold(asked)).__typename;
      expect(await codeOf({ sku: 'NOTHING' })).toBe('NotFound');
      expect(await codeOf({ sku: 'RING', locationId: randomUUID() })).toBe('NotFound');
      expect(await codeOf({ sku: 'ENGRAVING' })).toBe('StockItemNotTracked');
      expect(await codeOf({ sku: 'RING' }, other)).toBe('NotFound');
      expect(await codeOf({ sku: 'RING', locationId: room.places.GM })).toBe('InsufficientStock');
    });

    it('a public shop may hold softly, for at most half an hour', async () => {
      await room.stocked('RING', 5);
      const shop = callerOf(room.tenantId, ['shop:hold']);
      const ask = (asked: object) =>
        room.holds.create(shop, {
          sku: 'RING',
          quantity: 1,
          kind: 'SOFT',
          holdSeconds: 900,
          purpose: 'WEB_CHECKOUT',
          idempotencyKey: randomUUID(),
          ...asked,
        });
      const before = await room.footprint();
      expect(expectRefused(await ask({}))).toMatchObject({ __typename: 'NotFound', id: 'RING' });
      expect(await room.footprint()).toEqual(before);
      await room.putOnSale('RING');
      expectDone(await ask({}));
      expect(expectRefused(await ask({ kind: 'HARD' }))).toMatchObject({ field: 'kind' });
      expect(expectRefused(await ask({ holdSeconds: 1801 }))).toMatchObject({
        field: 'holdSeconds',
      });
    });
  });

  it('sells ahead of stock only as far as the item’s backorder limit', async () => {
    await room.register('CHAIN', 'QUANTITY', 2);
    const place = room.places.HQ;
    expectDone(await room.hold({ sku: 'CHAIN', quantity: 2, locationId: place }));
    expect(await room.level('CHAIN')).toEqual({ onHand: 0, committed: 2, available: -2 });
    const refusal = expectRefused(await room.hold({ sku: 'CHAIN', locationId: place }));
    expect(refusal).toMatchObject({ code: 'INSUFFICIENT_STOCK', requested: 1, available: -2 });
  });
});
