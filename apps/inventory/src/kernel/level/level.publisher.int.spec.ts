import { randomUUID } from 'node:crypto';
import { eventually, type TestDatabase } from '@onecount/testing';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { createHoldExpirer } from '../hold/hold.expirer.ts';
import { sweepHolds } from '../hold/hold.sql.ts';
import { createLevelPublisher, publishChanges } from './level.publisher.ts';

type LevelEvent = { available: number; version: number; locationCode: string };

describe('publishing levels and units', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const eventsOf = async <Data>(type: string): Promise<Data[]> =>
    (
      await room.rows<{ data: Data }>('SELECT data FROM outbox WHERE type = $1 ORDER BY position', [
        type,
      ])
    ).map(({ data }) => data);
  const levels = () => eventsOf<LevelEvent>('inventory.stock-level-changed');
  const units = () =>
    eventsOf<{ status: string; version: number }>('inventory.serial-unit-changed');

  it('publishes the newest state of a level once, however often it changed', async () => {
    await room.stocked('RING', 50);
    for (let index = 0; index < 10; index += 1) expectDone(await room.hold({ sku: 'RING' }));
    await publishChanges(room.db);
    const [event, ...more] = await levels();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ onHand: 50, committed: 10, available: 40, locationCode: 'HQ' });
    const [level] = await room.rows<{ version: number }>('SELECT version FROM level');
    expect(event!.version).toBe(level!.version);
    await publishChanges(room.db);
    expect(await levels()).toHaveLength(1);
  });

  it('loses no change made while it publishes: the last event is the last state', async () => {
    await room.stocked('RING', 200);
    let isDone = false;
    const publishing = (async () => {
      while (!isDone) await publishChanges(room.db);
    })();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let index = 0; index < 20; index += 1) expectDone(await room.hold({ sku: 'RING' }));
      }),
    );
    isDone = true;
    await publishing;
    await publishChanges(room.db);
    const published = await levels();
    expect(published.at(-1)).toMatchObject({ available: 40 });
    const versions = published.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(await room.rows('SELECT 1 FROM level_dirty')).toEqual([]);
  });

  it('follows a unit through hold, expiry and sale', async () => {
    const { item, unitIds } = await room.pieces('BROOCH', 'S1');
    const { hold } = expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
    await publishChanges(room.db);
    await room.expire(hold.id);
    await sweepHolds(room.db, 100);
    await publishChanges(room.db);
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'BROOCH', quantity: 1 };
    await room.apply(randomUUID(), [{ ...line, serialUnitId: unitIds[0]! }]);
    const seen = await units();
    expect(seen.map(({ status }) => status)).toEqual(['AVAILABLE', 'HELD', 'AVAILABLE', 'SOLD']);
    expect(seen.map(({ version }) => version)).toEqual([1, 2, 3, 5]);
  });

  it('the expirer settles what expired, on its own and for every tenant, and the level event goes out', async () => {
    await room.stocked('RING', 1);
    const { hold } = expectDone(await room.hold({ sku: 'RING' }));
    await publishChanges(room.db);
    const onError = (err: unknown) => {
      throw err;
    };
    let published = 0;
    const publisher = createLevelPublisher({
      db: room.db,
      intervalMs: 10,
      onPublished: () => void (published += 1),
      onLowStockDue: () => {},
      onError,
    });
    const expirer = createHoldExpirer({
      db: room.db,
      intervalMs: 20,
      onSettled: () => publisher.wake(),
      onError,
    });
    publisher.start();
    expirer.start();
    try {
      await room.expire(hold.id);
      await eventually(async () => (await levels()).at(-1)?.available === 1);
      await eventually(() => published > 0);
      expect(await room.rows('SELECT status FROM hold')).toEqual([{ status: 'EXPIRED' }]);
      await room.assertSums();
    } finally {
      await expirer.stop();
      await publisher.stop();
    }
  });
});
