import { randomUUID } from 'node:crypto';
import type { Tx } from '@onecount/db';
import type { DomainEvent } from '@onecount/events';
import { eventually, type TestDatabase } from '@onecount/testing';
import { expectDone, openStockRoom, openTestDatabase } from '../../../test/stock-room.ts';
import { onSaleCommitted } from './sale-committed.consumer.ts';
import { applySale, lockSales } from './sale.sql.ts';
import type { StockItemRow } from '../stock-item/stock-item.ts';

describe('sales that are applied in groups', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  it('two groups of the same items in other orders wait for each other, and not in a ring', async () => {
    const room = await openStockRoom(database);
    const [ring, cup] = [await room.stocked('RING', 10), await room.stocked('CUP', 10)];
    const sell = async ({ id, sku }: StockItemRow): Promise<string> => {
      const saleId = randomUUID();
      const line = { lineId: randomUUID(), stockItemId: id, sku, quantity: 1 };
      expectDone(await room.sales.claim(room.caller, { saleId, lines: [line] }));
      return saleId;
    };
    const order: string[] = [];
    const group = (name: string, sales: string[], whenLocked: () => Promise<void>) =>
      room.db.inTransaction(room.tenantId, async (tx) => {
        await lockSales(tx, sales);
        order.push(`${name} locked`);
        await whenLocked();
        for (const saleId of sales) await apply(tx, saleId);
        order.push(`${name} applied`);
      });
    const isWaitedFor = async () => (await room.waitersTotal()) > 0;
    const [one, other] = [
      [await sell(ring), await sell(cup)],
      [await sell(cup), await sell(ring)],
    ];
    let second: Promise<void> | undefined;
    await group('one', one, async () => {
      second = group('other', other, async () => {});
      await eventually(isWaitedFor);
    });
    await second;
    expect(order).toEqual(['one locked', 'one applied', 'other locked', 'other applied']);
    for (const sku of ['RING', 'CUP'])
      expect(await room.level(sku)).toMatchObject({ onHand: 8, committed: 0 });
    await room.assertSums();
  });

  it('a sale without a claim on record takes its unit from where it stands by now', async () => {
    const room = await openStockRoom(database);
    const { item, unitIds } = await room.pieces('BROOCH', 'S1');
    const line = { lineId: randomUUID(), stockItemId: item.id, sku: 'BROOCH', quantity: 1 };
    const sold = { ...line, serialUnitId: unitIds[0], locationId: room.places.GM };
    const data = { saleId: randomUUID(), channel: 'COUNTER', lines: [sold] };
    const event = { data, time: new Date().toISOString() } as DomainEvent<'pos.sale-committed'>;
    const { handle } = onSaleCommitted({ onChange: () => {} });
    await room.db.inTransaction(room.tenantId, (tx) => handle(tx, event));
    expect(await room.level('BROOCH')).toMatchObject({ onHand: 0, committed: 0 });
    await room.assertSums();
  });
});

async function apply(tx: Tx, saleId: string): Promise<void> {
  const at = new Date().toISOString();
  const sale = { saleId, lines: [], actor: 'pos', channel: 'COUNTER', at, traceparent: null };
  expect(await applySale(tx, sale)).toEqual({ outcome: 'APPLIED', movements: 1 });
}
