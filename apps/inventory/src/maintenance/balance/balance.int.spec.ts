import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sample, type TestDatabase } from '@onecount/testing';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { selectExplanation } from '../../kernel/stock-item/explain.sql.ts';
import { explained } from '../../kernel/stock-item/explain.ts';
import { createTransferService } from '../../documents/transfer/transfer.service.ts';
import { closeBalances } from './balance.worker.ts';
import { selectStockAt, selectStockAtPage, selectStockTotals } from './balance.sql.ts';

type Operation = { kind: 'RECEIVE' | 'TAKE' | 'HOLD' | 'RELEASE' | 'EXPIRE' | 'SELL'; n: number };
const operation = fc.record<Operation>({
  kind: fc.constantFrom('RECEIVE', 'TAKE', 'HOLD', 'RELEASE', 'EXPIRE', 'SELL'),
  n: fc.integer({ min: 1, max: 9 }),
});

describe('the count at a past instant', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const read = <T>(fn: Parameters<typeof room.db.read<T>>[1]) => room.db.read(room.tenantId, fn);
  const now = async () =>
    (await room.rows<{ now: string }>('SELECT clock_timestamp()::text AS now'))[0]!.now;

  async function perform({ kind, n }: Operation): Promise<void> {
    const [live] = await room.rows<{ id: string }>(
      "SELECT id FROM hold WHERE status = 'LIVE' AND expires_at > clock_timestamp() LIMIT 1",
    );
    const release = { holdId: live?.id ?? randomUUID(), idempotencyKey: randomUUID() };
    if (kind === 'RECEIVE') await room.receive({ sku: 'RING', quantity: n });
    else if (kind === 'HOLD') await room.hold({ sku: 'RING', quantity: n });
    else if (kind === 'EXPIRE')
      // Now and not earlier: what was seen before must stay as it was.
      await room.write('UPDATE hold SET expires_at = clock_timestamp() WHERE id = $1', [
        release.holdId,
      ]);
    else if (kind === 'RELEASE') await room.holds.release(room.caller, release);
    else if (kind === 'TAKE')
      await room.adjustments.adjust(room.caller, {
        sku: 'RING',
        locationId: room.places.HQ,
        quantity: -n,
        reason: 'DAMAGE',
        idempotencyKey: randomUUID(),
      });
    else {
      const [item] = await room.rows<{ id: string }>('SELECT id FROM stock_item');
      const line = { lineId: randomUUID(), stockItemId: item!.id, sku: 'RING', quantity: n };
      await room.apply(randomUUID(), [line]);
    }
  }

  it('is what it was then, whatever has happened since', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
        room = await openStockRoom(database);
        const item = await room.stocked('RING', 5);
        const seen: { at: string; onHand: number; committed: number }[] = [];
        for (const each of operations) {
          await perform(each);
          const { onHand, committed } = await room.level('RING');
          seen.push({ at: await now(), onHand, committed });
        }
        for (const { at, ...level } of seen) {
          const [row] = await read((tx) => selectStockAt(tx, { stockItemIds: [item.id], at }));
          expect(row).toEqual({ stockItemId: item.id, locationId: room.places.HQ, ...level });
          const of = { stockItemId: item.id, locationId: null, at };
          const facts = await read((tx) => selectExplanation(tx, of));
          expect(facts.map(explained)).toEqual([
            expect.objectContaining({ isConsistent: true, ...level }),
          ]);
        }
      }),
      sample({ runs: 15, full: 250 }),
    );
  });

  it('of a whole location comes from the day’s balance and the movements since, and is their sum', async () => {
    const moved = fc.record({
      hoursAgo: fc.integer({ min: 1, max: 24 * 80 }),
      quantity: fc.integer({ min: 1, max: 50 }),
      isAtHq: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(moved, { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 24 * 85 }), { minLength: 3, maxLength: 3 }),
        async (movements, instants) => {
          room = await openStockRoom(database);
          await room.stocked('RING', 0);
          await plant(movements);
          const [closed] = await room.rows<{ until: string }>(
            "SELECT date_trunc('day', clock_timestamp(), 'UTC')::text AS until",
          );
          await closeBalances(room.db, closed!.until);
          await closeBalances(room.db, closed!.until);
          for (const hours of instants) await assertTotals(hours);
        },
      ),
      sample({ runs: 10, full: 200 }),
    );
  });

  async function plant(movements: { hoursAgo: number; quantity: number; isAtHq: boolean }[]) {
    const { HQ, GM } = room.places;
    await room.write(
      `INSERT INTO level (tenant_id, stock_item_id, location_id)
       SELECT i.tenant_id, i.id, unnest($1::uuid[]) FROM stock_item i ON CONFLICT DO NOTHING`,
      [[HQ, GM]],
    );
    await room.write(
      `INSERT INTO movement (tenant_id, stock_item_id, location_id, quantity, reason, actor, resulting_on_hand, level_version, recorded_at)
       SELECT i.tenant_id, i.id, x.place, x.quantity, 'RECEIPT', 'test',
              sum(x.quantity) OVER w, row_number() OVER w,
              date_trunc('hour', clock_timestamp()) - make_interval(hours => x.hours_ago)
       FROM stock_item i, unnest($1::uuid[], $2::integer[], $3::integer[]) AS x (place, quantity, hours_ago)
       WINDOW w AS (PARTITION BY x.place ORDER BY x.hours_ago DESC ROWS UNBOUNDED PRECEDING)`,
      [
        movements.map(({ isAtHq }) => (isAtHq ? HQ : GM)),
        movements.map(({ quantity }) => quantity),
        movements.map(({ hoursAgo }) => hoursAgo),
      ],
    );
  }

  async function assertTotals(hoursAgo: number): Promise<void> {
    const [row] = await room.rows<{ at: string }>(
      "SELECT (date_trunc('hour', clock_timestamp()) - make_interval(hours => $1))::text AS at",
      [hoursAgo],
    );
    const at = row!.at;
    const sums = await room.rows(
      `SELECT c.id AS "locationId", coalesce(sum(m.quantity), 0) AS "onHand"
       FROM location c LEFT JOIN movement m ON m.location_id = c.id AND m.recorded_at <= $1
       GROUP BY c.id, c.code ORDER BY c.code`,
      [at],
    );
    const totals = await read((tx) => selectStockTotals(tx, { at, locationId: null }));
    expect(totals).toEqual(sums);
    const page = { at, locationId: null, after: undefined, limit: 100 };
    const rows = await read((tx) => selectStockAtPage(tx, page));
    for (const { locationId, onHand } of totals)
      expect(rows.find((each) => each.locationId === locationId)?.onHand ?? 0).toBe(onHand);
  }

  it('is refused for an instant that is still to come, and for one before the item', async () => {
    const item = await room.stocked('RING', 1);
    const explainAt = (at: string) =>
      read((tx) => selectExplanation(tx, { stockItemId: item.id, locationId: null, at }));
    await expect(explainAt('2999-01-01T00:00:00Z')).rejects.toThrow('must not be in the future');
    await expect(explainAt('2001-01-01T00:00:00Z')).rejects.toThrow('before the item was there');
  });

  it('names the sales, the units sold and those in repair', async () => {
    const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    const before = await now();
    const saleId = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'BROOCH', quantity: 1 };
    await room.apply(saleId, [{ ...line, serialUnitId: unitIds[0]! }]);
    expectDone(
      await room.hold({
        sku: 'BROOCH',
        serial: 'S2',
        kind: 'HARD',
        purpose: 'REPAIR',
      }),
    );
    const of = { stockItemId: item.id, locationId: null };
    const [facts] = await read((tx) => selectExplanation(tx, { ...of, at: null }));
    expect(facts).toMatchObject({
      sales: [{ saleId, quantity: 1 }],
      sold: [unitIds[0]],
      inRepair: [unitIds[1]],
    });
    const [past] = await read((tx) => selectExplanation(tx, { ...of, at: before }));
    expect(past).toMatchObject({ sales: [], sold: [], inRepair: [], live: { count: 0 } });
  });

  it('names the transfers whose goods were on their way, from both ends', async () => {
    const ring = await room.stocked('RING', 10);
    const transfers = createTransferService({ db: room.db });
    const { HQ, GM } = room.places;
    const lines = [{ sku: 'RING', quantity: 4 }];
    const key = () => ({ idempotencyKey: randomUUID() });
    const route = { fromLocationId: HQ, toLocationId: GM };
    const draft = await transfers.create(room.caller, { ...route, lines, ...key() });
    const { transferId } = expectDone(draft);
    const seen = async (at: string | null) => {
      const of = { stockItemId: ring.id, locationId: null, at };
      const facts = await read((tx) => selectExplanation(tx, of));
      return facts.map((each) => [each.locationId, explained(each).onHand, each.transfers]);
    };
    const packed = await now();
    expectDone(await transfers.dispatch(room.caller, { transferId, ...key() }));
    const sent = await now();
    const some = [{ sku: 'RING', quantity: 3 }];
    expectDone(await transfers.receive(room.caller, { transferId, lines: some, ...key() }));
    const left = { transferId, isInbound: false };
    const coming = { transferId, isInbound: true };
    expect(await seen(packed)).toEqual([[HQ, 10, []]]);
    expect((await seen(sent)).find(([place]) => place === HQ)).toEqual([
      HQ,
      6,
      [{ ...left, quantity: 4 }],
    ]);
    const after = [
      [GM, 3, [{ ...coming, quantity: 1 }]],
      [HQ, 6, [{ ...left, quantity: 1 }]],
    ];
    expect(await seen(null)).toEqual(after);
    expect(await seen(await now())).toEqual(after);
  });
});
