import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@onecount/events';
import { sample, type TestDatabase } from '@onecount/testing';
import fc from 'fast-check';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { onSaleCommitted } from './sale-committed.consumer.ts';

const skus = ['RING', 'CUP', 'BROOCH'] as const;
type Line = { sku: (typeof skus)[number]; quantity: number };
type SaleEvent = DomainEvent<'pos.sale-committed'>;

const lineOf = fc.record({
  sku: fc.constantFrom(...skus),
  quantity: fc.integer({ min: 1, max: 2 }),
});
const salesOf = fc.array(fc.array(lineOf, { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 6,
});

describe('claims of several sales that are applied in one statement', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());
  const { handle, handleAll } = onSaleCommitted({ onChange: () => {} });

  async function openStocked() {
    const room = await openStockRoom(database);
    const ring = await room.stocked('RING', 100);
    const cup = await room.stocked('CUP', 100);
    const { item } = await room.pieces('BROOCH', ...Array.from({ length: 40 }, (_, n) => `S${n}`));
    return { room, idOf: { RING: ring.id, CUP: cup.id, BROOCH: item.id } };
  }

  async function claimed({ room, idOf }: Awaited<ReturnType<typeof openStocked>>, lines: Line[]) {
    const saleId = randomUUID();
    // In their order: that in which a sale's movements are written.
    const lineIds = lines.map(() => randomUUID()).sort();
    const asked = lines.map(({ sku, quantity }, n) => ({
      ...{ lineId: lineIds[n]!, stockItemId: idOf[sku], sku, quantity },
    }));
    expectDone(await room.sales.claim(room.caller, { saleId, lines: asked }));
    const time = new Date().toISOString();
    const data = { saleId, channel: 'COUNTER', committedAt: time, lines: asked };
    return {
      data,
      time,
      traceparent: `00-${saleId.replaceAll('-', '')}-0000000000000001-01`,
    } as SaleEvent;
  }

  const together = (room: StockRoom, events: SaleEvent[]) =>
    room.db.inTransaction(room.tenantId, (tx) => handleAll!(tx, events));
  const oneByOne = async (room: StockRoom, events: SaleEvent[]) => {
    for (const event of events)
      await room.db.inTransaction(room.tenantId, (tx) => handle(tx, event));
  };

  /** What a sale leaves behind, without ids and instants; a level's movements in their order. */
  const traces = (room: StockRoom) =>
    room.rows(
      `SELECT
        (SELECT jsonb_agg(jsonb_build_array(i.sku, l.on_hand, l.committed, l.version) ORDER BY i.sku)
         FROM level l JOIN stock_item i ON i.id = l.stock_item_id) AS levels,
        (SELECT jsonb_agg(jsonb_build_array(i.sku, m.quantity, u.serial, m.resulting_on_hand, m.level_version, m.actor) ORDER BY i.sku, m.level_version, u.serial)
         FROM movement m JOIN stock_item i ON i.id = m.stock_item_id LEFT JOIN serial_unit u ON u.id = m.serial_unit_id) AS movements,
        (SELECT jsonb_agg(jsonb_build_array(u.serial, u.status, u.version, u.sale_id IS NULL, u.sold_at IS NULL) ORDER BY u.serial) FROM serial_unit u) AS units,
        (SELECT jsonb_object_agg(status, count) FROM (SELECT status, count(*) FROM hold GROUP BY 1) h) AS holds,
        (SELECT jsonb_object_agg(status, count) FROM (SELECT status, count(*) FROM sale_claim GROUP BY 1) c) AS claims,
        (SELECT jsonb_agg(jsonb_build_array(o.type, o.data ->> 'sku', o.data ->> 'resultingOnHand', o.data ->> 'status', o.data ->> 'serialUnitId' IS NULL,
           o.traceparent LIKE '00-' || replace(coalesce(o.data ->> 'referenceId', o.data ->> 'saleId'), '-', '') || '-%')
           ORDER BY o.type, o.data ->> 'sku', o.sequence, o.aggregate_id) FROM outbox o WHERE o.traceparent IS NOT NULL) AS events,
        (SELECT count(*) FROM level_dirty) AS dirty`,
    );

  it('leave what each would have left by itself, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(salesOf, async (sales) => {
        const left: object[] = [];
        for (const apply of [together, oneByOne]) {
          const stocked = await openStocked();
          const events: SaleEvent[] = [];
          for (const lines of sales) events.push(await claimed(stocked, lines));
          await apply(stocked.room, events);
          await stocked.room.assertSums();
          const again = await traces(stocked.room);
          await together(stocked.room, events);
          expect(await traces(stocked.room)).toEqual(again);
          left.push(again);
        }
        expect(left[0]).toEqual(left[1]);
      }),
      sample({ runs: 6, full: 100 }),
    );
  });

  it('one without a claim makes all of them go one by one, and all take effect', async () => {
    const stocked = await openStocked();
    const { room } = stocked;
    const events = [
      await claimed(stocked, [{ sku: 'RING', quantity: 2 }]),
      await claimed(stocked, [{ sku: 'CUP', quantity: 1 }]),
    ];
    await room.write('DELETE FROM sale_claim WHERE sale_id = $1', [events[0]!.data.saleId]);
    await room.write(
      `UPDATE hold SET status = 'RELEASED', settled_at = clock_timestamp() WHERE reference_id = $1`,
      [events[0]!.data.saleId],
    );
    await room.write(
      `UPDATE level l SET committed = 0 FROM stock_item i WHERE i.id = l.stock_item_id AND i.sku = 'RING'`,
    );
    await together(room, events);
    expect(await room.level('RING')).toEqual({ onHand: 98, committed: 0, available: 98 });
    expect(await room.level('CUP')).toEqual({ onHand: 99, committed: 0, available: 99 });
    await room.assertSums();
  });

  it('one that was released fails the group, and nothing is written', async () => {
    const stocked = await openStocked();
    const { room } = stocked;
    const [good, bad] = [
      await claimed(stocked, [{ sku: 'RING', quantity: 1 }]),
      await claimed(stocked, [{ sku: 'CUP', quantity: 1 }]),
    ];
    expectDone(await room.sales.release(room.caller, { saleId: bad.data.saleId }));
    const before = await room.footprint();
    await expect(together(room, [good, bad])).rejects.toThrow('its claim was released');
    expect(await room.footprint()).toEqual(before);
    await together(room, [good]);
    expect(await room.level('RING')).toEqual({ onHand: 99, committed: 0, available: 99 });
  });
});
