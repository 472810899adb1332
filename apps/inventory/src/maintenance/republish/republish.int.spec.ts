import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import { publishChanges } from '../../kernel/level/level.publisher.ts';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { createRepublishService } from './republish.service.ts';
import { stepRepublish } from './republish.sql.ts';

type Sent = { id: string; type: string; key: string; sequence: number; data: object };

describe('publishing once more', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const service = () => createRepublishService({ db: room.db, onRequest: () => undefined });
  const kinds = { levels: true, units: true, movements: true };
  const request = (more: object = {}) =>
    service().request(room.caller, { ...kinds, idempotencyKey: randomUUID(), ...more });
  const finish = async (most = 2) => {
    while ((await stepRepublish(room.db, most)) !== null) {
      await publishChanges(room.db);
      await sendAll();
    }
  };
  // As the relay does, so that the queue never counts as full.
  const sendAll = () => room.write('UPDATE outbox SET published_at = clock_timestamp()');
  const sent = () =>
    room.rows<Sent>(
      `SELECT event_id AS id, type, aggregate_id AS key, sequence, data FROM outbox
       WHERE type LIKE 'inventory.%' AND type NOT LIKE '%low-stock%' ORDER BY position`,
    );

  it('sends the newest state with the version it has, and movements under the ids they had', async () => {
    await room.stocked('RING', 5);
    await room.pieces('BROOCH', 'S1', 'S2', 'S3');
    for (let n = 0; n < 3; n += 1) expectDone(await room.hold({ sku: 'RING' }));
    expectDone(await room.hold({ sku: 'BROOCH', serial: 'S2' }));
    await publishChanges(room.db);
    await sendAll();
    const before = await sent();
    const { republish } = expectDone(await request());
    await finish();
    const again = (await sent()).slice(before.length);
    const newestOf = (type: string) =>
      new Map(before.filter((e) => e.type === type).map((e) => [e.key, e]));
    for (const type of ['inventory.stock-level-changed', 'inventory.serial-unit-changed'])
      expect(
        again
          .filter((event) => event.type === type)
          .map(({ key, sequence, data }) => ({ key, sequence, data })),
      ).toEqual(
        expect.arrayContaining(
          [...newestOf(type).values()].map(({ key, sequence, data }) => ({ key, sequence, data })),
        ),
      );
    const movements = (events: Sent[]) =>
      events.filter(({ type }) => type === 'inventory.movement-recorded');
    expect(movements(again)).toEqual(movements(before));
    const found = await service().last(room.caller);
    expect(found).toMatchObject({ id: republish.id, queued: 2 + 3 + 4 });
    expect(found!.finishedAt).not.toBeNull();
  });

  it('waits while what it queued before is still to leave', async () => {
    await room.stocked('RING', 5);
    await room.pieces('BROOCH', 'S1', 'S2', 'S3', 'S4');
    expectDone(await request({ levels: false, units: false }));
    expect(await stepRepublish(room.db, 1)).toBeNull();
    await publishChanges(room.db);
    await sendAll();
    expect(await stepRepublish(room.db, 1)).toBe(1);
    await finish();
  });

  it('asked for again before it has begun, is done once', async () => {
    await room.stocked('RING', 1);
    await room.stocked('CHAIN', 1);
    await publishChanges(room.db);
    await sendAll();
    const asked = async (more: object = {}) => expectDone(await request(more)).republish.id;
    const first = await asked();
    expect(await asked()).toBe(first);
    expect(await asked({ units: false })).not.toBe(first);
    while ((await stepRepublish(room.db, 1)) !== 1);
    // It has begun: what changed behind it would be left out.
    expect(await asked()).not.toBe(first);
    expect(await room.rows('SELECT 1 FROM republish')).toHaveLength(3);
    await finish(50);
  });

  it('is asked for once under one key, and for something', async () => {
    await room.stocked('RING', 1);
    await publishChanges(room.db);
    await sendAll();
    const idempotencyKey = randomUUID();
    const first = expectDone(await request({ idempotencyKey }));
    expect(expectDone(await request({ idempotencyKey })).republish.id).toBe(first.republish.id);
    expect(expectRefused(await request({ idempotencyKey, units: false })).__typename).toBe(
      'IdempotencyKeyReused',
    );
    expect(
      expectRefused(await request({ levels: false, units: false, movements: false })).__typename,
    ).toBe('InvalidInput');
    expect(await service().requestAs('operator', { tenantId: undefined, kinds })).toBeGreaterThan(
      0,
    );
    await finish(50);
    expect(await room.rows('SELECT 1 FROM republish WHERE finished_at IS NULL')).toEqual([]);
  });
});
