import { isRefusal } from '@onecount/refusal';
import { eventually, type TestDatabase } from '@onecount/testing';
import { publishChanges } from '../../kernel/level/level.publisher.ts';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { isLow } from './low-stock.ts';
import {
  countLowStock,
  evaluateLowStock,
  selectLowStock,
  selectReorderSuggestions,
} from './low-stock.sql.ts';

type Crossing = { isLow: boolean; available: number; sku: string };

describe('low stock', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const publish = async () => {
    await publishChanges(room.db);
    await evaluateLowStock(room.db);
  };
  const crossings = async (): Promise<Crossing[]> => {
    await publish();
    const rows = await room.rows<{ data: Crossing; sequence: number }>(
      "SELECT data, sequence FROM outbox WHERE type = 'inventory.low-stock-changed' ORDER BY position",
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1));
    return rows.map(({ data }) => data);
  };
  const isLowNow = async (sku: string) =>
    isLow((await room.stockItems.find(room.caller, { sku }))!);
  const page = { locationId: null, after: undefined, limit: 10 };
  const listed = () => room.db.read(room.tenantId, (tx) => selectLowStock(tx, page));
  const count = (locationId: string | null = null) =>
    room.db.read(room.tenantId, (tx) => countLowStock(tx, locationId));

  it('is published once on the way down and once on the way up, by what is available over all locations', async () => {
    const item = await room.stocked('RING', 3);
    expect(await crossings()).toEqual([]);
    const { hold } = expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
    await crossings();
    expectDone(await room.hold({ sku: 'RING' }));
    expect(await crossings()).toEqual([
      expect.objectContaining({ isLow: true, available: 1, sku: 'RING', lowStockThreshold: 1 }),
    ]);
    expect((await listed()).map(({ stockItemId }) => stockItemId)).toEqual([item.id]);
    expect([await isLowNow('RING'), await count(), await count(room.places.GM)]).toEqual([
      true,
      1,
      0,
    ]);
    await room.receive({ sku: 'RING', quantity: 1 }, 'GM');
    await crossings();
    await room.receive({ sku: 'RING', quantity: 1 }, 'GM');
    await room.holds.release(room.caller, { holdId: hold.id, idempotencyKey: 'x' });
    expect(await crossings()).toEqual([
      expect.objectContaining({ isLow: true }),
      expect.objectContaining({ isLow: false, available: 4 }),
    ]);
    expect([await listed(), await isLowNow('RING')]).toEqual([[], false]);
  });

  const marks = () => room.rows('SELECT stock_item_id FROM low_stock_due');
  const signalled = async () => {
    let due = 0;
    await publishChanges(room.db, { onPublished() {}, onLowStockDue: () => void (due += 1) });
    return due;
  };

  it('nobody looks at an item that sells and is as low as it was', async () => {
    const item = await room.stocked('RING', 10);
    expect([await signalled(), await marks()]).toEqual([0, []]);
    expectDone(await room.hold({ sku: 'RING', quantity: 8 }));
    expect([await signalled(), await marks()]).toEqual([0, []]);
    expectDone(await room.hold({ sku: 'RING' }));
    expect([await signalled(), await marks()]).toEqual([1, [{ stock_item_id: item.id }]]);
    expect(await crossings()).toHaveLength(1);
    expectDone(await room.hold({ sku: 'RING' }));
    expect([await signalled(), await marks()]).toEqual([0, []]);
  });

  it('what a look under way has not written yet is looked at again', async () => {
    await room.stocked('RING', 3);
    await publish();
    expectDone(await room.hold({ sku: 'RING', quantity: 3 }));
    await publishChanges(room.db);
    await room.db.asSystem('relay', async (tx) => {
      await tx.query('SELECT low_stock_evaluate(10)');
      // The state says "not low" still, and so it is again: only the mark tells that this is about to change.
      await room.receive({ sku: 'RING', quantity: 5 });
      expect(await signalled()).toBe(1);
    });
    expect(await crossings()).toMatchObject([{ isLow: true }, { isLow: false, available: 5 }]);
  });

  it('follows a hold that expires, and a threshold that is set', async () => {
    await room.stocked('RING', 2);
    const { hold } = expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
    expect(await crossings()).toHaveLength(1);
    await room.expire(hold.id);
    // Settles what has expired.
    expectDone(await room.hold({ sku: 'RING', quantity: 1, holdSeconds: 1 }));
    await room.write('UPDATE stock_item SET low_stock_threshold = 0');
    expect((await crossings()).map(({ isLow }) => isLow)).toEqual([true, false]);
    await room.write('UPDATE stock_item SET low_stock_threshold = 9');
    expect((await crossings()).map(({ isLow }) => isLow)).toEqual([true, false, true]);
  });

  it('is no matter of items that are not counted, or never stood anywhere', async () => {
    await room.register('ENGRAVING', 'NONE');
    await room.register('NEW');
    expect(await crossings()).toEqual([]);
    expect([await isLowNow('ENGRAVING'), await isLowNow('NEW')]).toEqual([false, false]);
  });

  it('ends right when many sell, receive and publish at once', async () => {
    await room.stocked('RING', 4);
    let isDone = false;
    const publishers = Array.from({ length: 3 }, async () => {
      while (!isDone) await publish();
    });
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let n = 0; n < 10; n += 1) {
          const held = await room.hold({ sku: 'RING', quantity: 1 });
          if (isRefusal(held)) continue;
          const release = { holdId: held.hold.id, idempotencyKey: held.hold.id };
          expectDone(await room.holds.release(room.caller, release));
        }
      }),
    );
    isDone = true;
    await Promise.all(publishers);
    const published = await crossings();
    expect(published.map(({ isLow }) => isLow)).toEqual(
      published.map((_, index) => index % 2 === 0),
    );
    expect(published.at(-1)?.isLow ?? false).toBe(await isLowNow('RING'));
    await eventually(async () => (await room.rows('SELECT 1 FROM low_stock_due')).length === 0);
  });

  it('suggests what a reorder rule says where no more than its point is available', async () => {
    const ring = await room.stocked('RING', 3);
    const { HQ, GM } = room.places;
    await room.write(
      `INSERT INTO reorder_rule (tenant_id, stock_item_id, location_id, point, quantity)
       SELECT i.tenant_id, i.id, x.place, 2, x.quantity FROM stock_item i, unnest($1::uuid[], $2::integer[]) AS x (place, quantity)`,
      [
        [HQ, GM],
        [20, 5],
      ],
    );
    const suggested = () => room.db.read(room.tenantId, (tx) => selectReorderSuggestions(tx, page));
    const rule = { stockItemId: ring.id, point: 2 };
    expect(await suggested()).toEqual([{ ...rule, locationId: GM, available: 0, quantity: 5 }]);
    expectDone(await room.hold({ sku: 'RING', locationId: HQ }));
    expect(await suggested()).toContainEqual({
      ...rule,
      locationId: HQ,
      available: 2,
      quantity: 20,
    });
  });
});
