import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import { eventually, sample, type TestDatabase } from '@onecount/testing';
import type { Placed } from '../src/kernel/hold/hold.service.ts';
import { expectDone, openStockRoom, openTestDatabase, type StockRoom } from './stock-room.ts';

// Pairs of operations that could collide. Which of the two wins is PostgreSQL's to say; that exactly one does,
// and that every sum is exact afterwards, is ours. Callers meet at a lock that is held until an instant of the
// database's clock: they are all there before it is let go, and nobody sleeps here.

const { numRuns: rounds } = sample({ runs: 5, full: 40 });
describe('races', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterEach(async () => {
    await room.assertSums();
    const twice = `SELECT serial_unit_id FROM hold WHERE status IN ('LIVE', 'SOLD') AND serial_unit_id IS NOT NULL
      GROUP BY 1 HAVING count(*) > 1`;
    expect(await room.rows(twice)).toEqual([]);
  });
  afterAll(() => database.drop());

  const key = () => ({ idempotencyKey: randomUUID() });
  const winners = (results: object[]) => results.filter((result) => !isRefusal(result)).length;

  /** Starts all while the level is locked, and lets go of it when all wait (and, if given, a hold's time is over). */
  async function meet<T>(
    sku: string,
    runs: (() => Promise<T>)[],
    { pastHold, beforeLetGo }: { pastHold?: string; beforeLetGo?: () => Promise<void> } = {},
  ): Promise<T[]> {
    let letGo!: () => void;
    const all = new Promise<void>((resolve) => (letGo = resolve));
    let isLocked!: () => void;
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const holder = database.db.inTransaction(room.tenantId, async (tx) => {
      await tx.query(
        `SELECT FROM level l JOIN stock_item i ON i.id = l.stock_item_id WHERE i.sku = $1 FOR UPDATE OF l`,
        [sku],
      );
      isLocked();
      await all;
      if (pastHold)
        await tx.query('SELECT pg_sleep_until((SELECT expires_at FROM hold WHERE id = $1))', [
          pastHold,
        ]);
    });
    await locked;
    const results = Promise.all(runs.map((run) => run()));
    await eventually(async () => (await room.waitersTotal()) >= runs.length);
    await beforeLetGo?.();
    letGo();
    await holder;
    return results;
  }

  async function basket(sku: string, asked: object = {}, holdSeconds = 900) {
    const [saleId, lineId] = [randomUUID(), randomUUID()];
    const placed = await room.sales.placeHold(room.caller, {
      ...{ saleId, lineId, sku, quantity: 1, holdSeconds, channel: 'COUNTER', subject: 'clerk' },
      ...asked,
    });
    const { item, placed: hold } = expectDone(placed) as Placed;
    const line = { lineId, stockItemId: item.stockItemId, sku, quantity: hold!.quantity };
    const claim = () => room.sales.claim(room.caller, { saleId, lines: [line] });
    return { saleId, holdId: hold!.holdId, line, claim };
  }

  it('hold / hold: of a generic and a named hold for the last piece, one has it', async () => {
    await room.pieces('BROOCH', 'S1');
    for (let round = 0; round < rounds; round += 1) {
      const other = await openStockRoom(database);
      const asked = { sku: 'BROOCH', quantity: 1, kind: 'SOFT' as const, holdSeconds: 900 };
      // A second process: its own batcher, so that the two meet in PostgreSQL.
      const there = () =>
        other.holds.create(room.caller, { ...asked, purpose: 'BASKET', serial: 'S1', ...key() });
      const results = await meet('BROOCH', [() => room.hold({ sku: 'BROOCH' }), there]);
      expect(winners(results)).toBe(1);
      const { hold } = results.find((result) => !isRefusal(result)) as { hold: { id: string } };
      expectDone(await room.holds.release(room.caller, { holdId: hold.id, ...key() }));
    }
  });

  it('allocate / sell specific: a unit goes to the hold or to the sale, never to both', async () => {
    const { item, unitIds } = await room.pieces('PHONE', 'S1', 'S2');
    for (let round = 0; round < rounds; round += 1) {
      const { hold } = expectDone(await room.hold({ sku: 'PHONE' }));
      const saleId = randomUUID();
      const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'PHONE', quantity: 1 };
      const results = await meet<object>('PHONE', [
        () =>
          room.allocations.allocate(room.caller, {
            holdId: hold.id,
            units: [{ serial: 'S1' }],
            ...key(),
          }),
        () =>
          room.sales.claim(room.caller, {
            saleId,
            lines: [{ ...line, serialUnitId: unitIds[0]! }],
          }),
      ]);
      expect(winners(results)).toBe(1);
      expectDone(await room.sales.release(room.caller, { saleId }));
      expectDone(await room.holds.release(room.caller, { holdId: hold.id, ...key() }));
    }
  });

  it('allocate / claim of the same sale: one unit, the one that was chosen or the rule’s', async () => {
    await room.pieces('PHONE', 'S1', 'S2');
    for (let round = 0; round < rounds; round += 1) {
      const { saleId, holdId, line, claim } = await basket('PHONE');
      const units = [{ serial: 'S2' }];
      const [, claimed] = await meet<object>('PHONE', [
        () => room.allocations.allocate(room.caller, { holdId, units, ...key() }),
        claim,
      ]);
      const answered = expectDone(claimed!) as { lines: { units: { serial: string }[] }[] };
      const [held] = await room.rows<{ serial: string }>(
        `SELECT u.serial FROM hold h JOIN serial_unit u ON u.id = h.serial_unit_id WHERE h.status = 'LIVE'`,
      );
      expect(answered.lines[0]!.units).toMatchObject([held]);
      if (round < rounds - 1) expectDone(await room.sales.release(room.caller, { saleId }));
      else expect((await room.apply(saleId, [line])).outcome).toBe('APPLIED');
    }
  });

  it('reallocate / hold: the unit that is let go and the one that is taken have one owner each', async () => {
    await room.pieces('PHONE', 'S1', 'S2', 'S3');
    for (let round = 0; round < rounds; round += 1) {
      const { hold } = expectDone(await room.hold({ sku: 'PHONE', serial: 'S1' }));
      const unit = { serial: 'S2' };
      const results = await meet<object>('PHONE', [
        () => room.allocations.reallocate(room.caller, { holdId: hold.id, unit, ...key() }),
        () => room.hold({ sku: 'PHONE', serial: 'S2' }),
      ]);
      expect(winners(results)).toBe(1);
      for (const { id } of await room.rows<{ id: string }>(
        "SELECT id FROM hold WHERE status = 'LIVE'",
      ))
        expectDone(await room.holds.release(room.caller, { holdId: id, ...key() }));
    }
  });

  it('expire / commit: at the instant of expiry the basket’s claim or the next buyer has the piece', async () => {
    await room.pieces('BROOCH', 'S1');
    for (let round = 0; round < 2; round += 1) {
      const { saleId, holdId, claim } = await basket('BROOCH', { serial: 'S1' }, 1);
      const results = await meet<object>(
        'BROOCH',
        [claim, () => room.hold({ sku: 'BROOCH', serial: 'S1' })],
        { pastHold: holdId },
      );
      expect(winners(results)).toBe(1);
      const [mine] = await room.rows<{ status: string }>('SELECT status FROM hold WHERE id = $1', [
        holdId,
      ]);
      // Both asked while it lived, and were served when it did not: it was settled, not kept.
      expect(mine!.status).toBe('EXPIRED');
      expectDone(await room.sales.release(room.caller, { saleId }));
      for (const { id } of await room.rows<{ id: string }>(
        "SELECT id FROM hold WHERE status = 'LIVE'",
      ))
        expectDone(await room.holds.release(room.caller, { holdId: id, ...key() }));
    }
  });

  it('extend / expire: an extension that is served after the hold’s end does not bring it back', async () => {
    await room.stocked('RING', 1);
    const { hold } = expectDone(await room.hold({ sku: 'RING', holdSeconds: 1 }));
    const extend = () =>
      room.holdChanges.extend(room.caller, { holdId: hold.id, holdSeconds: 600, ...key() });
    const [extended] = await meet<object>('RING', [extend], { pastHold: hold.id });
    expect(extended).toMatchObject({ __typename: 'HoldNotLive', status: 'EXPIRED' });
    expectDone(await room.hold({ sku: 'RING' }));
  });

  it('a hot SKU does not slow others: while its row is locked and its queue full, another is held', async () => {
    await room.stocked('HOT', 100);
    await room.stocked('COLD', 1);
    const crowd = Array.from({ length: 50 }, () => () => room.hold({ sku: 'HOT' }));
    const cold = async () => {
      const held = expectDone(await room.hold({ sku: 'COLD' })).hold.id;
      const [hot] = await room.rows<{ count: number }>(
        `SELECT count(*)::int AS count FROM hold h JOIN stock_item i ON i.id = h.stock_item_id WHERE i.sku = 'HOT'`,
      );
      return { held, hotBefore: hot!.count };
    };
    let asked: Promise<Awaited<ReturnType<typeof cold>>> | undefined;
    // One statement waits for the lock, the crowd behind it; the cold SKU is through before it is let go.
    await meet('HOT', [async () => void (await Promise.all(crowd.map((run) => run())))], {
      beforeLetGo: async () => void (await (asked = cold())),
    });
    expect(await asked).toMatchObject({ hotBefore: 0 });
    expect((await room.level('HOT')).available).toBe(50);
  });

  it('extend / sweep: either it is extended or it is gone, and the count says the same', async () => {
    await room.stocked('RING', 1);
    for (let round = 0; round < rounds; round += 1) {
      const { hold } = expectDone(await room.hold({ sku: 'RING' }));
      await room.expire(hold.id);
      const [extended] = await Promise.all([
        room.holdChanges.extend(room.caller, { holdId: hold.id, holdSeconds: 600, ...key() }),
        database.db.asSystem('sweeper', (tx) => tx.query('SELECT hold_sweep(10)')),
      ]);
      expect(extended).toMatchObject({ __typename: 'HoldNotLive' });
      expect((await room.level('RING')).available).toBe(1);
    }
  });
});
