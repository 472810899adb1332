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
import { createConversionService } from '../../documents/conversion/conversion.service.ts';
import { applyRegistrations } from '../stock-item/stock-item.service.ts';
import { resolveCodes } from './stock-code.sql.ts';

describe('what a code stands for', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const resolve = async (...codes: string[]) =>
    Object.fromEntries(await room.db.read(room.tenantId, (tx) => resolveCodes(tx, codes)));

  it('is a live code, else a stock number, else the one serial, else a SKU', async () => {
    const ring = await room.register('RING');
    const brooch = await room.register('BROOCH', 'SERIAL');
    await room.register('PIN', 'SERIAL');
    const [first] = await room.receive({
      sku: 'BROOCH',
      units: [
        { serial: 'S1', stockNumber: 'PIN', codes: ['TAG'] },
        { serial: 'TWICE', stockNumber: 'TAG' },
      ],
    });
    await room.receive({ sku: 'PIN', units: [{ serial: 'TWICE' }] });
    expect(
      await resolve('TAG', 'PIN', 'S1', 'RING', 'TWICE', ' S1\r\n', 'NOTHING', 'a\0b'),
    ).toEqual({
      TAG: { stockItemId: brooch.id, serialUnitId: first },
      PIN: { stockItemId: brooch.id, serialUnitId: first },
      S1: { stockItemId: brooch.id, serialUnitId: first },
      ' S1\r\n': { stockItemId: brooch.id, serialUnitId: first },
      RING: { stockItemId: ring.id, serialUnitId: null },
    });
    const stranger = await openStockRoom(database);
    const theirs = await room.db.read(stranger.tenantId, (tx) => resolveCodes(tx, ['TAG', 'RING']));
    expect(theirs.size).toBe(0);
  });

  it('is its item where a piece was collapsed into a quantity: the label is on it still', async () => {
    const item = await room.register('BROOCH', 'SERIAL');
    await room.receive({ sku: 'BROOCH', units: [{ serial: 'S1', stockNumber: 'N-1' }] });
    const conversions = createConversionService({ db: room.db });
    const idempotencyKey = randomUUID();
    expectDone(await conversions.toQuantity(room.caller, { sku: 'BROOCH', idempotencyKey }));
    expect(await resolve('N-1', 'S1')).toEqual({
      'N-1': { stockItemId: item.id, serialUnitId: null },
    });
    const line = { saleId: randomUUID(), lineId: randomUUID() };
    expectDone(await room.holdLine(line, { code: 'N-1' }));
    expect((await room.level('BROOCH')).available).toBe(0);
  });

  it('is the same at a till, where sold pieces come last and a serial of two items is asked about', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'X1', 'S1', 'S2');
    const { item: pin } = await room.pieces('PIN', 'S1', 'S2', 'S3');
    await room.register('X1');
    const scan = (piece: { code: string } | { serial: string }) =>
      room.holdLine({ saleId: randomUUID(), lineId: randomUUID() }, piece);
    expect(expectDone(await scan({ code: 'X1' }))).toMatchObject({
      placed: { serialUnitId: unitIds[0] },
    });
    for (const field of ['code', 'serial'])
      expect(expectRefused(await scan({ [field]: 'S1' } as { code: string }))).toMatchObject({
        code: 'INVALID_INPUT',
        field,
      });
    const line = { lineId: randomUUID(), stockItemId: pin.id, sku: 'PIN', quantity: 1 };
    await room.apply(randomUUID(), [line]);
    expect(expectDone(await scan({ code: 'S1' }))).toMatchObject({
      placed: { serialUnitId: unitIds[1] },
    });
  });

  it('is found for 10,000 codes in one statement', async () => {
    const item = await room.register('RING');
    await room.write(
      `INSERT INTO stock_code (tenant_id, code, stock_item_id) SELECT $1, 'C' || n, $2 FROM generate_series(1, 10000) n`,
      [room.tenantId, item.id],
    );
    const codes = Array.from({ length: 10_000 }, (_, index) => `C${index + 1}`);
    expect(Object.keys(await resolve(...codes))).toHaveLength(10_000);
  });

  describe('given by hand', () => {
    let brooch: { item: { id: string }; unitIds: string[] };
    beforeEach(async () => {
      brooch = await room.pieces('BROOCH', 'S1', 'S2');
    });
    const key = () => ({ idempotencyKey: randomUUID() });
    const caller = () => room.caller;
    const codes = () => room.stockCodes;
    const assign = (code: string, target: object, more: object = {}) =>
      codes().assign(caller(), { code, kind: 'TAG', ...target, ...key(), ...more });
    const move = (code: string, target: object, more: object = {}) =>
      codes().move(caller(), { code, ...target, ...key(), ...more });
    const retire = (code: string, more: object = {}) =>
      codes().retire(caller(), { code, ...key(), ...more });
    const scanned = async (code: string) => {
      const found = await codes().scan(caller(), code);
      return found && [found.stockItemId, found.serialUnitId];
    };
    const history = (code: string) =>
      room.rows(
        `SELECT change, kind, from_serial_unit_id AS "from", to_serial_unit_id AS "to", actor, note
         FROM stock_code_change WHERE code = $1 ORDER BY position`,
        [code],
      );

    it('names a unit, then another, then nothing, then an item; all of it stays written', async () => {
      const [first, second] = brooch.unitIds;
      expectDone(await assign(' E200 ', { serialUnitId: first }, { kind: 'RFID' }));
      expect(await scanned('E200\n')).toEqual([brooch.item.id, first]);
      expect(await scanned('e200')).toEqual([brooch.item.id, first]);
      expectDone(await move('E200', { serialUnitId: second }, { note: 'fell off' }));
      expect(await scanned('E200')).toEqual([brooch.item.id, second]);
      expectDone(await retire('E200'));
      expect(await scanned('E200')).toBeNull();
      expect(await codes().find(caller(), 'E200')).toMatchObject({ stockItemId: null });
      expectDone(await assign('E200', { stockItemId: brooch.item.id }));
      expect(await scanned('E200')).toEqual([brooch.item.id, null]);
      const by = { actor: 'tester', note: null };
      expect(await history('E200')).toEqual([
        { change: 'ASSIGNED', kind: 'RFID', from: null, to: first, ...by },
        { change: 'MOVED', kind: 'RFID', from: first, to: second, ...by, note: 'fell off' },
        { change: 'RETIRED', kind: 'RFID', from: second, to: null, ...by },
        { change: 'ASSIGNED', kind: 'TAG', from: null, to: null, ...by },
      ]);
      await expect(room.write('DELETE FROM stock_code_change')).rejects.toMatchObject({
        code: '42501',
      });
    });

    it('answers a repeated key with the first answer', async () => {
      const again = { idempotencyKey: randomUUID() };
      const ask = (code: string) => assign(code, { stockItemId: brooch.item.id }, again);
      const assigned = { __typename: 'StockCodeAssignSuccess', code: 'T1' };
      expect(await ask('T1')).toEqual(assigned);
      expect(await ask('T1')).toEqual(assigned);
      expect(expectRefused(await ask('T2')).code).toBe('IDEMPOTENCY_KEY_REUSED');
      expect(await history('T1')).toHaveLength(1);
    });

    it('is refused when it names something else or makes no sense, and nothing is written', async () => {
      const variantId = randomUUID();
      const registration = { variantId, sku: 'EAN', title: 'Ean', tracking: 'QUANTITY' } as const;
      await room.db.inTransaction(room.tenantId, (tx) =>
        applyRegistrations(tx, [{ ...registration, barcode: '4006381333931' }], { version: 1 }),
      );
      const [first, second] = brooch.unitIds;
      const to = { serialUnitId: first };
      expectDone(await assign('T1', to));
      const stranger = await openStockRoom(database);
      const theirs = await stranger.register('RING');
      const before = await room.footprint();
      const changes = await room.rows('SELECT * FROM stock_code_change');
      const refused: [string, string | undefined, Promise<object>][] = [
        ['STOCK_CODE_TAKEN', undefined, assign('T1', { serialUnitId: second })],
        ['STOCK_CODE_TAKEN', undefined, assign('T1', to)],
        ['STOCK_CODE_TAKEN', undefined, assign('S2', to)],
        ['STOCK_CODE_TAKEN', undefined, assign('EAN', to)],
        ['STOCK_CODE_FOLLOWS_CATALOG', undefined, move('4006381333931', to)],
        ['STOCK_CODE_FOLLOWS_CATALOG', undefined, retire('4006381333931')],
        ['INVALID_INPUT', 'kind', assign('T2', to, { kind: 'BARCODE' })],
        ['INVALID_INPUT', 'code', assign('  ', to)],
        ['INVALID_INPUT', 'code', assign('x'.repeat(256), to)],
        ['INVALID_INPUT', 'code', assign('a\0b', to)],
        ['INVALID_INPUT', 'note', assign('T2', to, { note: 'x'.repeat(1_001) })],
        ['INVALID_INPUT', 'stockItemId', assign('T2', {})],
        ['INVALID_INPUT', 'stockItemId', assign('T2', { ...to, stockItemId: brooch.item.id })],
        ['INVALID_INPUT', 'serialUnitId', assign('T2', { serialUnitId: 'no id' })],
        ['INVALID_INPUT', 'idempotencyKey', assign('T2', to, { idempotencyKey: '' })],
        ['NOT_FOUND', undefined, assign('T2', { serialUnitId: randomUUID() })],
        ['NOT_FOUND', undefined, assign('T2', { stockItemId: theirs.id })],
        ['NOT_FOUND', undefined, move('T2', to)],
        ['NOT_FOUND', undefined, retire('T2')],
      ];
      for (const [code, field, result] of refused) {
        const refusal = expectRefused(await result);
        expect([refusal.code, refusal['field']]).toEqual([code, field]);
      }
      expect(await room.footprint()).toEqual(before);
      expect(await room.rows('SELECT * FROM stock_code_change')).toEqual(changes);
      expect(await codes().scan(stranger.caller, 'T1')).toBeNull();
    });

    it('goes to one of two who assign it at once; the other is told who has it', async () => {
      const results = await Promise.all(
        brooch.unitIds.map((serialUnitId) => assign('T1', { serialUnitId })),
      );
      const refused = results.filter(isRefusal);
      expect(refused).toHaveLength(1);
      expect(refused[0]).toMatchObject({ code: 'STOCK_CODE_TAKEN', sku: 'BROOCH' });
      expect(await history('T1')).toHaveLength(1);
    });
  });
});
