import { randomUUID } from 'node:crypto';
import type { Tx } from '@onecount/db';
import { eventually, type TestDatabase } from '@onecount/testing';
import type { Placed } from '../src/kernel/hold/hold.service.ts';
import { expectDone, expectRefused, openStockRoom, openTestDatabase } from './stock-room.ts';
import type { StockRoom } from './stock-room.ts';

// What is decided on is read behind the lock that keeps it so: each case lets a caller come while somebody else
// changes it, who commits when the caller waits.

describe('behind the locks', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterEach(() => room.assertSums());
  afterAll(() => database.drop());

  const key = () => ({ idempotencyKey: randomUUID() });

  /** Runs while the change is not committed; the change is committed when the run waits, or has not waited at all. */
  async function during<T>(
    change: (tx: Tx) => Promise<unknown>,
    run: () => Promise<T>,
  ): Promise<T> {
    let isDone = false;
    let result: Promise<T> | undefined;
    await room.db.inTransaction(room.tenantId, async (tx) => {
      await change(tx);
      result ??= run().finally(() => (isDone = true));
      await eventually(async () => isDone || (await room.waitersTotal()) > 0);
    });
    return result!;
  }

  it('a first level takes the limit that the item has by then: nothing is sold ahead that was just forbidden', async () => {
    const { id } = await room.register('RING', 'QUANTITY', 5);
    const forbid = (tx: Tx) =>
      tx.query('UPDATE stock_item SET backorder_limit = 0 WHERE id = $1', [id]);
    const held = await during(forbid, () => room.hold({ sku: 'RING', quantity: 5 }));
    expect(expectRefused(held).code).toBe('INSUFFICIENT_STOCK');

    const other = await room.register('CUP', 'QUANTITY', 5);
    const line = { lineId: randomUUID(), stockItemId: other.id, sku: 'CUP', quantity: 5 };
    const claimed = await during(
      (tx) => tx.query('UPDATE stock_item SET backorder_limit = 0 WHERE id = $1', [other.id]),
      () =>
        room.sales.claim(room.caller, {
          saleId: randomUUID(),
          lines: [{ ...line, locationId: room.places.HQ }],
        }),
    );
    expect(expectRefused(claimed).code).toBe('SALE_CLAIM_REFUSED');
  });

  it('the catalog does not switch how an item is counted while its first goods come in', async () => {
    const item = await room.register('RING');
    const receiveFirst = async (tx: Tx) => {
      await tx.query('SELECT FROM stock_item WHERE id = $1 FOR SHARE', [item.id]);
      await tx.query(
        'INSERT INTO level (tenant_id, stock_item_id, location_id) VALUES ($1, $2, $3)',
        [...[room.tenantId, item.id, room.places.HQ]],
      );
    };
    const asked = { ...item, variantId: item.variantId!, tracking: 'SERIAL' as const };
    const switched = await during(receiveFirst, () =>
      room.stockItems.register(room.caller, [asked]),
    );
    expect(expectRefused(switched).code).toBe('STOCK_ITEMS_REFUSED');
  });

  it('no unit is registered for a sale of an item that is counted by quantity by then', async () => {
    const { item } = await room.partlyRegistered('CUP', 2);
    const [saleId, lineId] = [randomUUID(), randomUUID()];
    const { placed } = expectDone(
      await room.holdLine({ saleId, lineId }, { sku: 'CUP' }),
    ) as Placed;
    const line = { lineId, stockItemId: item.id, sku: 'CUP', quantity: placed!.quantity };
    expectDone(await room.sales.claim(room.caller, { saleId, lines: [line] }));
    await room.apply(saleId, [line]);
    const convert = async (tx: Tx) => {
      await tx.query("UPDATE stock_item SET tracking = 'QUANTITY' WHERE id = $1", [item.id]);
      await tx.query('SELECT FROM level WHERE stock_item_id = $1 FOR UPDATE', [item.id]);
    };
    const units = [{ serial: 'S1' }];
    const named = await during(convert, () =>
      room.allocations.allocateSale(room.caller, {
        ...{ saleId, lineId, units, registersUnknown: true },
        ...key(),
      }),
    );
    expect(expectRefused(named).code).toBe('INVALID_INPUT');
    expect(await room.rows('SELECT serial FROM serial_unit')).toEqual([]);
  });
});
