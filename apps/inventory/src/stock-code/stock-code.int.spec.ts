import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../test/stock-room.ts';
import { resolveCodes } from './stock-code.sql.ts';

describe('what a code stands for', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  }, 60_000);
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

  it('is found for 10,000 codes in one statement of less than half a second', async () => {
    const item = await room.register('RING');
    await room.write(
      `INSERT INTO stock_code (tenant_id, code, stock_item_id) SELECT $1, 'C' || n, $2 FROM generate_series(1, 10000) n`,
      [room.tenantId, item.id],
    );
    const codes = Array.from({ length: 10_000 }, (_, index) => `C${index + 1}`);
    await resolve(randomUUID());
    const from = performance.now();
    expect(Object.keys(await resolve(...codes))).toHaveLength(10_000);
    expect(performance.now() - from).toBeLessThan(500);
  });
});
