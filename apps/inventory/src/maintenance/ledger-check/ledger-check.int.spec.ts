import { randomUUID } from 'node:crypto';
import { eventually, type TestDatabase } from '@onecount/testing';
import pg from 'pg';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { checkItems, countDifferences, recordCheck, selectFindings } from './ledger-check.sql.ts';
import { checkNext } from './ledger-check.worker.ts';

const beginning = '00000000-0000-0000-0000-000000000000';
const failed = (err: unknown) => {
  throw err;
};

describe('the check of the ledger', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const itemIds = async () =>
    (await room.rows<{ id: string }>('SELECT id FROM stock_item')).map(({ id }) => id);
  const check = async () => {
    const ids = await itemIds();
    return room.db.read(room.tenantId, (tx) => checkItems(tx, ids));
  };
  const record = async () =>
    recordCheck(room.db, { tenantId: room.tenantId, stockItemIds: await itemIds() });
  const findings = () =>
    room.db.read(room.tenantId, (tx) =>
      selectFindings(tx, { before: undefined, isGone: null, limit: 100 }),
    );
  const published = () =>
    room.rows<{ data: object }>(
      "SELECT data FROM outbox WHERE type = 'inventory.ledger-difference-found'",
    );

  it('finds nothing in a shop that has received, held, sold and let go', async () => {
    const ring = await room.stocked('RING', 9);
    const { unitIds, item } = await room.pieces('BROOCH', 'S1', 'S2', 'S3');
    expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
    const { hold } = expectDone(await room.hold({ sku: 'BROOCH', serial: 'S2' }));
    await room.expire(hold.id);
    const lineOf = (stockItemId: string, sku: string) => ({
      lineId: randomUUID(),
      stockItemId,
      sku,
      quantity: 1,
    });
    await room.apply(randomUUID(), [
      lineOf(ring.id, 'RING'),
      { ...lineOf(item.id, 'BROOCH'), serialUnitId: unitIds[0]! },
    ]);
    expect(await check()).toEqual([]);
  });

  it('names each planted difference once, keeps it while it is there, and repairs nothing', async () => {
    const ring = await room.stocked('RING', 9);
    const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
    await room.write('UPDATE level SET on_hand = on_hand + 1 WHERE stock_item_id = $1', [ring.id]);
    await room.write('UPDATE level SET committed = 1 WHERE stock_item_id = $1', [ring.id]);
    await room.write("UPDATE serial_unit SET status = 'LOST' WHERE id = $1", [unitIds[0]]);
    const at = { locationId: room.places.HQ, serialUnitId: null };
    const planted = [
      { kind: 'COMMITTED', stockItemId: ring.id, ...at, expected: '2', found: '1' },
      { kind: 'ON_HAND', stockItemId: ring.id, ...at, expected: '9', found: '10' },
      { kind: 'UNIT_COUNT', stockItemId: item.id, ...at, expected: '2', found: '1' },
    ];
    const before = await room.rows('SELECT * FROM level ORDER BY stock_item_id');
    expect((await check()).map((row) => row)).toEqual(expect.arrayContaining(planted));
    expect(await record()).toBe(3);
    expect(await record()).toBe(0);
    expect(await published()).toHaveLength(3);
    expect((await findings()).map(({ kind, goneAt }) => ({ kind, goneAt }))).toEqual(
      expect.arrayContaining(planted.map(({ kind }) => ({ kind, goneAt: null }))),
    );
    expect(await room.rows('SELECT * FROM level ORDER BY stock_item_id')).toEqual(before);
  });

  it('marks what is seen no more as gone, and publishes it again when it comes back', async () => {
    await room.stocked('RING', 9);
    const plant = (by: number) => room.write('UPDATE level SET on_hand = on_hand + $1', [by]);
    await plant(1);
    expect(await record()).toBe(1);
    await plant(-1);
    expect(await record()).toBe(0);
    expect((await findings())[0]!.goneAt).not.toBeNull();
    await plant(1);
    expect(await record()).toBe(1);
    expect(await published()).toHaveLength(2);
  });

  it('names a unit whose status is not what its claims say', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
    await room.write("UPDATE serial_unit SET status = 'AVAILABLE' WHERE id = $1", [unitIds[0]]);
    await room.write("UPDATE serial_unit SET status = 'HELD' WHERE id = $1", [unitIds[1]]);
    expect(
      (await check()).map(({ kind, serialUnitId, found }) => [kind, serialUnitId, found]),
    ).toEqual(
      expect.arrayContaining([
        ['UNIT_STATUS', unitIds[0], 'AVAILABLE'],
        ['UNIT_STATUS', unitIds[1], 'HELD'],
      ]),
    );
  });

  it('comes to every tenant, a few levels at a time, and counts what is there', async () => {
    const others = [await openStockRoom(database), room];
    for (const each of others) {
      await each.stocked('RING', 1);
      await each.stocked('CHAIN', 1);
      await each.write('UPDATE level SET on_hand = on_hand + 1');
    }
    let place = { tenantId: beginning, stockItemId: beginning };
    const start = await countDifferences(room.db);
    let found = 0;
    do {
      const step = await checkNext(room.db, place, { levelsMax: 3, onError: failed });
      found += step.found;
      place = step.next;
    } while (place.tenantId !== beginning);
    expect(found).toBeGreaterThanOrEqual(4);
    expect(await countDifferences(room.db)).toBeGreaterThanOrEqual(start + 4);
  });

  it('goes on behind an item that cannot be checked, and finds the others with it', async () => {
    const items = [];
    for (const sku of ['A', 'B', 'C', 'D', 'E']) items.push(await room.stocked(sku, 1));
    await room.write('UPDATE level SET on_hand = on_hand + 1');
    const bad = items[2]!.id;
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(
      `ALTER TABLE ledger_difference ADD CONSTRAINT bad CHECK (stock_item_id <> '${bad}') NOT VALID`,
    );
    const errors: unknown[] = [];
    const onError = (err: unknown) => void errors.push(err);
    const before = { tenantId: room.tenantId, stockItemId: beginning };
    try {
      const step = await checkNext(room.db, before, { levelsMax: 5, onError });
      expect([step.found, step.next.stockItemId]).toEqual([4, items.at(-1)!.id]);
    } finally {
      await owner.query('ALTER TABLE ledger_difference DROP CONSTRAINT bad');
      await owner.end();
    }
    expect(errors).toMatchObject([{ constraint: 'bad' }]);
    const found = (await findings()).map(({ stockItemId }) => stockItemId);
    expect(found.sort()).toEqual(items.map(({ id }) => id).filter((id) => id !== bad));
  });

  it('takes nothing for a difference while holds and sales go on', async () => {
    const ring = await room.stocked('RING', 400);
    const { item } = await room.pieces('BROOCH', ...Array.from({ length: 40 }, (_, n) => `S${n}`));
    let isDone = false;
    let rounds = 0;
    const checking = (async () => {
      while (!isDone) {
        expect(await check()).toEqual([]);
        rounds += 1;
      }
    })();
    await Promise.all(
      Array.from({ length: 8 }, async (_, clerk) => {
        for (let n = 0; n < 5; n += 1) {
          const { hold } = expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
          await room.apply(randomUUID(), [
            { lineId: randomUUID(), stockItemId: ring.id, sku: 'RING', quantity: 1 },
            { lineId: randomUUID(), stockItemId: item.id, sku: 'BROOCH', quantity: 1 },
          ]);
          const release = { holdId: hold.id, idempotencyKey: `${clerk}-${n}` };
          expectDone(await room.holds.release(room.caller, release));
          // However fast either is, the other clerks go on meanwhile.
          const seen = rounds;
          await eventually(() => rounds > seen);
        }
      }),
    );
    isDone = true;
    await checking;
    expect(rounds).toBeGreaterThanOrEqual(5);
    expect(await check()).toEqual([]);
  });
});
