import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@onecount/events';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { onReturnIncome } from '../../books/item-ledger/return-income.consumer.ts';
import { onSaleIncome } from '../../books/item-ledger/sale-income.consumer.ts';
import { onSaleReturned } from './sale-returned.consumer.ts';

type Returned = DomainEvent<'pos.sale-returned'>['data'];
type Back = Partial<Returned['lines'][number]>;
type Piece = { id: string; sku: string; tracking: 'NONE' | 'QUANTITY' | 'SERIAL' };

let database: TestDatabase;
let room: StockRoom;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  room = await openStockRoom(database);
});
afterAll(() => database.drop());

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });

/** Sold, with what it earned. */
async function sell(item: Piece, quantity: number, totalMinor = 1000, serialUnitId?: string) {
  const saleId = randomUUID();
  const line = { lineId: randomUUID(), stockItemId: item.id, sku: item.sku, quantity };
  const of = serialUnitId ? { serialUnitId } : {};
  expect((await room.apply(saleId, [{ ...line, ...of }])).outcome).toBe('APPLIED');
  const asSold = { ...line, ...of, title: item.sku, tracking: item.tracking, totalMinor };
  const data = { saleId, currencyCode: 'EUR', lines: [asSold] };
  const event = { data, time: new Date().toISOString() } as DomainEvent<'pos.sale-committed'>;
  await room.db.inTransaction(room.tenantId, (tx) => onSaleIncome().handle(tx, event));
  return { saleId, line: { ...asSold, totalMinor } };
}

const returned = (saleId: string, lines: Back[], part: Partial<Returned> = {}) =>
  ({
    ...{ saleId, version: 2, returnId: randomUUID(), returnNumber: 'HQ/R-000001' },
    ...{ channel: 'COUNTER', locationId: room.places.HQ, reason: 'FAULTY', currencyCode: 'EUR' },
    returnedAt: new Date().toISOString(),
    lines,
    ...part,
  }) as Returned;

async function deliver(data: Returned) {
  const event = { data, time: data.returnedAt } as DomainEvent<'pos.sale-returned'>;
  await room.db.inTransaction(room.tenantId, async (tx) => {
    await onSaleReturned({ onChange: () => {} }).handle(tx, event);
    await onReturnIncome().handle(tx, event);
  });
}

const incomeOf = async (item: Piece) =>
  (
    await room.rows<{ income: number }>(
      `SELECT sum(amount_minor)::int AS income FROM item_ledger_entry WHERE stock_item_id = $1`,
      [item.id],
    )
  )[0]!.income;

it('goods by quantity come back where they are taken back, with their cost, once per return', async () => {
  const item = await room.register('RING');
  await room.receive({ sku: 'RING', quantity: 5, unitCost: eur('7.00') } as never);
  const { saleId, line } = await sell(item, 3, 3000);
  const back = returned(
    saleId,
    [{ ...line, quantity: 2, totalMinor: 2000, disposition: 'STOCK' }],
    {
      locationId: room.places.GM,
    },
  );
  await deliver(back);
  await deliver(back);
  expect(await room.level('RING', 'GM')).toEqual({ onHand: 2, committed: 0, available: 2 });
  expect(await room.level('RING')).toMatchObject({ onHand: 2 });
  const ledger = await room.rows(
    `SELECT quantity, reason, reference_kind, reference_id, line_id, note, cost_minor::int FROM movement
      WHERE reason = 'RETURN'`,
  );
  expect(ledger).toEqual([
    {
      ...{ quantity: 2, reason: 'RETURN', reference_kind: 'SALE', reference_id: saleId },
      ...{ line_id: line.lineId, note: 'Return HQ/R-000001: FAULTY', cost_minor: 1400 },
    },
  ]);
  expect(await incomeOf(item)).toBe(1000);
  await room.assertSums();
});

it('a line that says where its goods are comes back there, whatever the place of the return is', async () => {
  const item = await room.stocked('RING', 5);
  const brooch = await room.pieces('BROOCH', 'S1');
  const { saleId, line } = await sell(item, 2);
  const elsewhere = { locationId: room.places.GM, disposition: 'STOCK' };
  await deliver(
    returned(saleId, [
      { ...line, ...elsewhere, quantity: 1 },
      { ...line, quantity: 1, disposition: 'STOCK' },
    ]),
  );
  expect(await room.level('RING', 'GM')).toMatchObject({ onHand: 1 });
  expect(await room.level('RING')).toMatchObject({ onHand: 4 });
  const [unitId] = brooch.unitIds as [string];
  const sold = await sell(brooch.item, 1, 1000, unitId);
  const units = [{ serialUnitId: unitId }];
  await deliver(returned(sold.saleId, [{ ...sold.line, ...elsewhere, units }]));
  expect(await room.level('BROOCH', 'GM')).toEqual({ onHand: 1, committed: 0, available: 1 });
  await room.assertSums();
});

it('what goes to the bench, is looked at or is damaged is not for sale', async () => {
  const item = await room.stocked('CHAIN', 4);
  const { saleId, line } = await sell(item, 4, 4000);
  const part = (disposition: string) => ({ ...line, quantity: 1, totalMinor: 1000, disposition });
  await deliver(returned(saleId, ['STOCK', 'INSPECTION', 'BENCH', 'DAMAGED'].map(part)));
  expect(await room.level('CHAIN')).toEqual({ onHand: 3, committed: 2, available: 1 });
  const kept = await room.rows<{ id: string; purpose: string }>(
    `SELECT id, purpose, kind, quantity FROM hold WHERE status = 'LIVE' ORDER BY purpose`,
  );
  expect(kept).toMatchObject([
    { purpose: 'INSPECTION', kind: 'HARD', quantity: 1 },
    { purpose: 'REPAIR', kind: 'HARD', quantity: 1 },
  ]);
  // Whoever has looked at it lets it go, and it is sold again.
  const release = { holdId: kept[0]!.id, idempotencyKey: randomUUID() };
  expectDone(await room.holds.release(room.caller, release));
  expect(await room.level('CHAIN')).toEqual({ onHand: 3, committed: 1, available: 2 });
  const reasons = await room.rows(
    `SELECT quantity, reason, reference_kind FROM movement WHERE quantity <> 4 AND reason <> 'SALE' ORDER BY position`,
  );
  expect(reasons).toEqual([
    ...[1, 1, 1, 1].map((quantity) => ({ quantity, reason: 'RETURN', reference_kind: 'SALE' })),
    { quantity: -1, reason: 'DAMAGE', reference_kind: 'SALE_RETURN' },
  ]);
  expect(await incomeOf(item)).toBe(0);
  await room.assertSums();
});

it.each([
  ['STOCK', 'AVAILABLE', { onHand: 1, committed: 0, available: 1 }],
  ['INSPECTION', 'RETURNED', { onHand: 1, committed: 1, available: 0 }],
  ['BENCH', 'IN_REPAIR', { onHand: 1, committed: 1, available: 0 }],
  ['DAMAGED', 'SCRAPPED', { onHand: 0, committed: 0, available: 0 }],
])('a unit that goes to %s is %s', async (disposition, status, level) => {
  const { item, unitIds } = await room.pieces('BROOCH', 'S1');
  const { saleId, line } = await sell(item, 1, 420000, unitIds[0]);
  const units = [{ serialUnitId: unitIds[0]! }];
  await deliver(returned(saleId, [{ ...line, units, disposition }]));
  expect(await room.unitStatus(unitIds[0]!)).toBe(status);
  expect(await room.level('BROOCH')).toEqual(level);
  expect(await incomeOf(item)).toBe(0);
  await room.assertSums();
});

it('a unit is sold again after its return, and the claims of both sales stay on record', async () => {
  const { item, unitIds } = await room.pieces('BROOCH', 'S1');
  const [unitId] = unitIds as [string];
  const first = await sell(item, 1, 420000, unitId);
  const units = [{ serialUnitId: unitId }];
  await deliver(returned(first.saleId, [{ ...first.line, units, disposition: 'STOCK' }]));
  const second = await sell(item, 1, 400000, unitId);
  expect(await room.unitStatus(unitId)).toBe('SOLD');
  const claims = await room.rows(
    "SELECT reference_id, status FROM hold WHERE serial_unit_id = $1 AND reference_kind = 'SALE' ORDER BY created_at",
    [unitId],
  );
  expect(claims).toEqual([
    { reference_id: first.saleId, status: 'RELEASED' },
    { reference_id: second.saleId, status: 'SOLD' },
  ]);
  expect(await incomeOf(item)).toBe(400000);
  await room.assertSums();
});

it('the unit that was swapped in after the claim comes back, whatever pos calls it', async () => {
  const { item, unitIds } = await room.pieces('WATCH', 'W1', 'W2');
  const [told, gone] = unitIds as [string, string];
  const { saleId, line } = await sell(item, 1, 5000, gone);
  const units = [{ serialUnitId: told }];
  await deliver(returned(saleId, [{ ...line, units, disposition: 'STOCK' }]));
  expect(await room.unitStatus(gone)).toBe('AVAILABLE');
  expect(await room.unitStatus(told)).toBe('AVAILABLE');
  expect(await room.level('WATCH')).toEqual({ onHand: 2, committed: 0, available: 2 });
  await room.assertSums();
});

it('pieces that were sold without a unit come back without one', async () => {
  const { item } = await room.partlyRegistered('CUP', 2);
  const { saleId, line } = await sell({ ...item, tracking: 'SERIAL' }, 2, 800);
  await deliver(returned(saleId, [{ ...line, disposition: 'INSPECTION' }]));
  expect(await room.level('CUP')).toEqual({ onHand: 2, committed: 2, available: 0 });
  await room.assertSums();
});

it('of a wrong size that was corrected the size that went comes back', async () => {
  const wrong = await room.stocked('RING-54', 2);
  await room.stocked('RING-56', 2);
  const { saleId, line } = await sell(wrong, 2);
  const sizes = { wrongSku: 'RING-54', rightSku: 'RING-56', quantity: 1 };
  const correction = { saleId, ...sizes, idempotencyKey: randomUUID() };
  expectDone(await room.corrections.correct(room.caller, correction));
  await deliver(returned(saleId, [{ ...line, disposition: 'STOCK' }]));
  expect(await room.level('RING-54')).toMatchObject({ onHand: 2 });
  expect(await room.level('RING-56')).toMatchObject({ onHand: 2 });
  expect(await incomeOf(wrong)).toBe(0);
  await room.assertSums();
});

it('what the sale did not take, or what came back already, is a contradiction that changes nothing', async () => {
  const item = await room.stocked('RING', 5);
  const { saleId, line } = await sell(item, 2);
  const reference = { referenceKind: 'SALE', referenceId: saleId };
  const adjust = { sku: 'RING', locationCode: 'HQ', quantity: 1, reason: 'RETURN' as const };
  const input = { ...adjust, ...reference, idempotencyKey: randomUUID() };
  expectDone(await room.adjustments.adjust(room.caller, input));
  const before = await room.footprint();
  const tooMany = returned(saleId, [{ ...line, quantity: 2, disposition: 'STOCK' }]);
  await expect(deliver(tooMany)).rejects.toThrow(
    `return HQ/R-000001 of sale ${saleId} is made, but of RING the sale took 2 and 1 came back, so 2 cannot`,
  );
  await expect(deliver({ ...tooMany, saleId: randomUUID() })).rejects.toThrow('the sale took 0');
  expect(await room.footprint()).toEqual(before);
  await deliver(returned(saleId, [{ ...line, quantity: 1, disposition: 'STOCK' }]));
  expect(await room.level('RING')).toMatchObject({ onHand: 5 });
});
