import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { defaultSettings } from './setting.sql.ts';
import { nextStockNumbers } from './stock-number.sql.ts';

describe('settings', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const set = (more: object) =>
    room.settings.update(room.caller, { idempotencyKey: randomUUID(), ...more });
  const read = () => room.settings.read(room.caller);

  it('are the defaults until they are set, one by one', async () => {
    expect(await read()).toEqual(defaultSettings);
    expectDone(await set({ overReceiptPercent: 10 }));
    expectDone(await set({ costingMethod: 'FIFO', stockNumberPattern: '{SEQ:4}' }));
    const { settings } = expectDone(await set({ allocationRule: 'NEWEST', costingMethod: null }));
    expect(settings).toEqual({
      stockNumberPattern: '{SEQ:4}',
      costingMethod: 'FIFO',
      overReceiptPercent: 10,
      allocationRule: 'NEWEST',
    });
    expectDone(await set({ stockNumberPattern: null }));
    expect(await read()).toEqual({ ...settings, stockNumberPattern: null });
    const stranger = await openStockRoom(database);
    expect(await stranger.settings.read(stranger.caller)).toEqual(defaultSettings);
  });

  it('are told as they are, also to who asks again for what was done before', async () => {
    const input = { overReceiptPercent: 10, idempotencyKey: 'k' };
    expectDone(await set(input));
    expectDone(await set({ overReceiptPercent: 20 }));
    expect(expectDone(await set(input)).settings.overReceiptPercent).toBe(20);
    expect(expectRefused(await set({ ...input, overReceiptPercent: 30 })).code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });

  it('refuse what cannot be, and write nothing', async () => {
    const fieldOf = async (more: object) => expectRefused(await set(more))['field'];
    expect(await fieldOf({ stockNumberPattern: '{YY}' })).toBe('stockNumberPattern');
    expect(await fieldOf({ stockNumberPattern: '' })).toBe('stockNumberPattern');
    expect(await fieldOf({ overReceiptPercent: -1 })).toBe('overReceiptPercent');
    expect(await fieldOf({ overReceiptPercent: 1_001 })).toBe('overReceiptPercent');
    expect(await fieldOf({ idempotencyKey: '' })).toBe('idempotencyKey');
    expect(await room.rows('SELECT * FROM inventory_setting')).toEqual([]);
  });

  describe('generated stock numbers', () => {
    const numbers = async () =>
      (
        await room.rows<{ number: string }>(
          'SELECT stock_number AS number FROM serial_unit ORDER BY id',
        )
      ).map(({ number }) => number);
    const receive = (units: { serial?: string; stockNumber?: string }[], locationCode = 'HQ') =>
      room.receive({ sku: 'BROOCH', units }, locationCode);

    beforeEach(async () => {
      await room.register('BROOCH', 'SERIAL');
      expectDone(await set({ stockNumberPattern: '{LOC}-{SEQ:2}' }));
    });

    it('are never what a code names already: a scan would find the other thing', async () => {
      const ring = await room.register('RING');
      const code = { code: 'HQ-01', stockItemId: ring.id, idempotencyKey: randomUUID() };
      expectDone(await room.stockCodes.assign(room.caller, code));
      await receive([{}]);
      expect(await numbers()).toEqual(['HQ-02']);
    });

    it('go to units without one, by location, and leave out those that exist or are given', async () => {
      await receive([{ stockNumber: 'HQ-02' }]);
      await receive([{}, { serial: 'S1' }, { stockNumber: 'HQ-04' }]);
      await receive([{}], 'GM');
      await receive([{}]);
      expect(await numbers()).toEqual(['HQ-02', 'HQ-01', 'HQ-03', 'HQ-04', 'GM-01', 'HQ-05']);
      expect(await room.level('BROOCH')).toMatchObject({ onHand: 5 });
      await room.assertSums();
    });

    it('go on behind their digits, behind long runs that are taken, and by the month', async () => {
      const next = (count: number, at?: Date) =>
        room.db.inTransaction(room.tenantId, (tx) =>
          nextStockNumbers(tx, { count, locationCode: 'HQ', at }),
        );
      const run = Array.from({ length: 998 }, (_, index) => ({
        stockNumber: `HQ-${String(index + 1).padStart(2, '0')}`,
      }));
      await receive(run);
      expect(await next(2)).toEqual(['HQ-999', 'HQ-1000']);
      expectDone(await set({ stockNumberPattern: '{YYYY}{MM}.{SEQ:1}' }));
      const november = new Date('2026-11-30T23:59:59Z');
      expect(await next(1, november)).toEqual(['202611.1']);
      expect(await next(1, new Date('2026-12-01T00:00:00Z'))).toEqual(['202612.1']);
      expect(await next(1, november)).toEqual(['202611.2']);
      expectDone(await set({ stockNumberPattern: null }));
      expect(await next(1)).toBeNull();
    });

    it('are drawn once, whoever receives at the same time, and again when a receipt was refused', async () => {
      await Promise.all(Array.from({ length: 12 }, () => receive([{}, {}, {}])));
      const drawn = await numbers();
      expect(new Set(drawn).size).toBe(36);
      expect([...drawn].sort()).toEqual(
        Array.from({ length: 36 }, (_, index) => `HQ-${String(index + 1).padStart(2, '0')}`),
      );
      const refused = room.receive({ sku: 'BROOCH', units: [{}, { serial: '' }] });
      await expect(refused).rejects.toThrow('UNIT_NOT_NAMED');
      await receive([{}]);
      expect((await numbers()).at(-1)).toBe('HQ-37');
    });

    it('are not given without a pattern: a unit must be named then', async () => {
      expectDone(await set({ stockNumberPattern: null }));
      await expect(receive([{}])).rejects.toThrow('UNIT_NOT_NAMED');
    });
  });
});
