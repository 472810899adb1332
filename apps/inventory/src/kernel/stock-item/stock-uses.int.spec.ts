import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { createTransferService } from '../../documents/transfer/transfer.service.ts';
import { selectStockUses, type StockUses } from './stock-uses.sql.ts';

describe('what there is of a variant, for its removal', () => {
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

  const usesOf = (variantId: string, tenantId = room.tenantId) =>
    room.db.read(tenantId, (tx) => selectStockUses(tx, variantId));
  const nothing = { onHand: 0, inTransit: 0, backorderLimit: 0, holdsTotal: 0, holds: [] };
  const variantOf = (item: { variantId: string | null }) => item.variantId!;

  it('is nothing for a variant without stock, for one that nobody counts and for another tenant', async () => {
    const variantId = variantOf(await room.register('RING'));
    expect(await usesOf(variantId)).toEqual(nothing);
    expect(await usesOf(randomUUID())).toEqual(nothing);
    await room.receive({ sku: 'RING', quantity: 1 });
    const { tenantId } = await openStockRoom(database);
    expect(await usesOf(variantId, tenantId)).toEqual(nothing);
  });

  it('names stock everywhere, what may be sold ahead, and holds with their sales', async () => {
    const variantId = variantOf(await room.register('RING', 'QUANTITY', 5));
    await room.receive({ sku: 'RING', quantity: 2 });
    await room.receive({ sku: 'RING', quantity: 1 }, 'GM');
    const { hold } = expectDone(await room.hold({ sku: 'RING', locationId: room.places.GM }));
    const saleId = randomUUID();
    const line = { sku: 'RING', quantity: 2, locationId: room.places.HQ };
    expectDone(await room.holdLine({ saleId, lineId: randomUUID() }, line));
    const uses = await usesOf(variantId);
    expect(uses).toMatchObject({ onHand: 3, inTransit: 0, backorderLimit: 5, holdsTotal: 2 });
    expect(uses.holds).toMatchObject([
      { holdId: hold.id, quantity: 1, locationCode: 'GM', saleId: null },
      { quantity: 2, locationCode: 'HQ', saleId },
    ]);
    expect(Date.parse(uses.holds[0]!.expiresAt!)).toBeGreaterThan(Date.now());
  });

  it('counts what travels between locations', async () => {
    const variantId = variantOf(await room.stocked('RING', 2));
    const transfers = createTransferService({ db: room.db });
    const key = () => ({ idempotencyKey: randomUUID() });
    const { HQ, GM } = room.places;
    const way = { fromLocationId: HQ, toLocationId: GM, lines: [{ sku: 'RING', quantity: 2 }] };
    const { transferId } = expectDone(await transfers.create(room.caller, { ...way, ...key() }));
    expectDone(await transfers.dispatch(room.caller, { transferId, ...key() }));
    expect(await usesOf(variantId)).toMatchObject({ onHand: 0, inTransit: 2, holdsTotal: 0 });
  });

  it('names the 20 oldest of many holds', async () => {
    const variantId = variantOf(await room.stocked('RING', 25));
    for (let n = 0; n < 21; n += 1) expectDone(await room.hold({ sku: 'RING' }));
    const { holdsTotal, holds } = await usesOf(variantId);
    expect([holdsTotal, holds.length]).toEqual([21, 20]);
  });

  // The removal looks, then removes: nobody may be promised anything in between.
  it('is never nothing while a sale takes the last piece, and after that no hold begins', async () => {
    const item = await room.stocked('RING', 1);
    const variantId = variantOf(item);
    const sale = { saleId: randomUUID(), lineId: randomUUID() };
    let isLeaving = false;
    let isSold = false;
    const early: StockUses[] = [];
    const torn: StockUses[] = [];
    const watch = async () => {
      while (!isSold) {
        const uses = await usesOf(variantId);
        if (!isLeaving) early.push(uses);
        if (uses.onHand === 0 && uses.holdsTotal > 0) torn.push(uses);
      }
    };
    const sell = async () => {
      expectDone(await room.holdLine(sale, { sku: 'RING' }));
      const line = { ...sale, stockItemId: item.id, sku: 'RING', quantity: 1 };
      const claim = { saleId: sale.saleId, channel: 'COUNTER', lines: [line] };
      expectDone(await room.sales.claim(room.caller, claim));
      isLeaving = true;
      await room.apply(sale.saleId, [line]);
    };
    await Promise.all([watch(), watch(), sell().finally(() => (isSold = true))]);
    expect(early.length).toBeGreaterThan(0);
    expect([early.filter(({ onHand }) => onHand !== 1), torn]).toEqual([[], []]);
    expect(await usesOf(variantId)).toEqual(nothing);
    expectRefused(await room.hold({ sku: 'RING' }));
    expectRefused(
      await room.holdLine({ saleId: randomUUID(), lineId: randomUUID() }, { sku: 'RING' }),
    );
  });
});
