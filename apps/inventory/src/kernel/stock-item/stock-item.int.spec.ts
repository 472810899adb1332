import { randomUUID } from 'node:crypto';
import { eventually, variantMove, variantMoveOrders, type TestDatabase } from '@onecount/testing';
import { publishChanges } from '../level/level.publisher.ts';
import { applyRegistrations } from './stock-item.service.ts';
import { productChanged, variantOf } from '../../../test/product-event.ts';
import {
  callerOf,
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';

describe('stock items', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const itemOf = (sku: string) => room.stockItems.find(room.caller, { sku });

  it('come from the catalog’s event or from its call, whichever is first, as one row', async () => {
    const variant = variantOf({ barcode: '4006381333931' });
    const registration = {
      variantId: variant.variantId,
      sku: 'RING',
      title: 'Ring',
      tracking: 'QUANTITY' as const,
    };
    await Promise.all([
      productChanged(room, 1, [variant]),
      room.stockItems.register(room.caller, [registration]),
      room.stockItems.register(room.caller, [registration]),
    ]);
    expect(await room.rows('SELECT sku, title FROM stock_item')).toEqual([
      { sku: 'RING', title: 'Gold ring' },
    ]);
    expectDone(await room.stockItems.register(room.caller, [registration]));
    expect((await itemOf('RING'))!.title).toBe('Gold ring');
  });

  it('follow the event that waited for their registration', async () => {
    const variant = variantOf();
    const registration = {
      ...{ variantId: variant.variantId, sku: 'RING', title: 'Ring' },
      tracking: 'QUANTITY' as const,
    };
    const told = await room.db.inTransaction(room.tenantId, async (tx) => {
      await applyRegistrations(tx, [registration], { version: 0 });
      // It has looked, and waits to insert.
      const event = productChanged(room, 1, [variant]);
      await eventually(async () => (await room.waitersTotal()) > 0);
      return { event };
    });
    await told.event;
    expect(await room.rows('SELECT title, source_version, is_on_sale FROM stock_item')).toEqual([
      { title: 'Gold ring', source_version: 1, is_on_sale: true },
    ]);
  });

  it('follow the newest version: an older event changes nothing', async () => {
    const variant = variantOf();
    await productChanged(room, 2, [{ ...variant, fullTitle: 'New', sku: 'NEW', barcode: 'B-2' }]);
    await productChanged(room, 1, [{ ...variant, fullTitle: 'Old', sku: 'OLD', barcode: 'B-1' }]);
    expect(await room.rows('SELECT sku, title, source_version FROM stock_item')).toEqual([
      { sku: 'NEW', title: 'New', source_version: 2 },
    ]);
    expect(await room.rows('SELECT code FROM stock_code')).toEqual([{ code: 'B-2' }]);
  });

  it.each([...variantMoveOrders.split, ...variantMoveOrders.merge])(
    'stay the item, under the newest title, when a variant goes to another product and back: %s',
    async (order) => {
      const { events, goes, fullTitle } = variantMove(order);
      const ids = new Set<string>();
      for (const { version, variants, ...more } of events) {
        await productChanged(room, version, variants, more);
        const item = await itemOf(goes.sku);
        if (item !== null) ids.add(item.id);
      }
      expect(await itemOf(goes.sku)).toMatchObject({ title: fullTitle, variantId: goes.variantId });
      expect(ids.size).toBe(1);
      expect(await room.rows('SELECT sku FROM stock_item WHERE NOT is_on_sale')).toEqual([]);
    },
  );

  it('have their levels and units published again when the catalog renames them or takes them over', async () => {
    const idempotencyKey = randomUUID();
    const own = { sku: 'RING', title: 'Ring', tracking: 'SERIAL' as const, idempotencyKey };
    expectDone(await room.itemChanges.create(room.caller, own));
    await room.receive({ sku: 'RING', units: [{ serial: 'S1' }] });
    await publishChanges(room.db);
    const variant = variantOf({ tracking: 'SERIAL' });
    const published = (type: string) =>
      room.rows(
        `SELECT data ->> 'variantId' AS variant, data ->> 'sku' AS sku FROM outbox WHERE type = $1
         ORDER BY sequence DESC LIMIT 2`,
        [`inventory.${type}-changed`],
      );
    await productChanged(room, 1, [variant]);
    await publishChanges(room.db);
    await productChanged(room, 2, [{ ...variant, sku: 'RING-18K' }]);
    await publishChanges(room.db);
    const news = ['RING-18K', 'RING'].map((sku) => ({ variant: variant.variantId, sku }));
    expect(await published('stock-level')).toEqual(news);
    expect(await published('serial-unit')).toEqual(news);
    await room.assertSums();
  });

  it('are on sale while the product and the variant are active', async () => {
    const variant = variantOf();
    const onSale = async () => (await room.rows('SELECT is_on_sale FROM stock_item'))[0];
    await productChanged(room, 1, [variant]);
    expect(await onSale()).toEqual({ is_on_sale: true });
    await productChanged(room, 3, [{ ...variant, isActive: false }]);
    await productChanged(room, 2, [variant]);
    expect(await onSale()).toEqual({ is_on_sale: false });
  });

  it('of a removed variant keep stock, history and SKU, off sale, without its barcode; no older event undoes it', async () => {
    const [ring, band] = [variantOf({ barcode: 'B-1' }), variantOf({ sku: 'BAND' })];
    await productChanged(room, 1, [ring, band]);
    await room.receive({ sku: 'RING', quantity: 1 });
    const removed = { removedVariantIds: [ring.variantId] };
    await productChanged(room, 3, [{ ...band, barcode: 'B-1' }], removed);
    await productChanged(room, 2, [ring, band]);
    const items = await room.rows('SELECT sku, is_on_sale FROM stock_item ORDER BY sku');
    expect(items).toEqual([
      { sku: 'BAND', is_on_sale: true },
      { sku: 'RING', is_on_sale: false },
    ]);
    const codes = await room.rows(
      'SELECT c.code, i.sku FROM stock_code c JOIN stock_item i ON i.id = c.stock_item_id',
    );
    expect(codes).toEqual([{ code: 'B-1', sku: 'BAND' }]);
    await room.receive({ sku: 'RING', quantity: 1 });
    expect(await room.level('RING')).toMatchObject({ onHand: 2 });
    await productChanged(room, 4, [], { removedVariantIds: [ring.variantId, band.variantId] });
    expect(await room.rows('SELECT sku FROM stock_item WHERE is_on_sale')).toEqual([]);
  });

  it('are of the category of the product, or of its type where it has none', async () => {
    const variant = variantOf();
    const category = async () =>
      (await room.rows('SELECT category FROM stock_item'))[0]?.['category'];
    await productChanged(room, 1, [variant], { productType: 'Jewellery' });
    expect(await category()).toBe('Jewellery');
    await productChanged(room, 3, [variant], { productType: 'Jewellery', category: 'Rings' });
    await productChanged(room, 2, [variant]);
    expect(await category()).toBe('Rings');
    await productChanged(room, 4, [variant]);
    expect(await category()).toBeNull();
  });

  it('keep their tracking while there is stock or history, and say so; the other variants go through', async () => {
    const ring = variantOf();
    const chain = variantOf({ sku: 'CHAIN', fullTitle: 'Chain' });
    await productChanged(room, 1, [ring, chain]);
    await room.receive({ sku: 'RING', quantity: 1 });
    const warnings = await productChanged(room, 2, [
      { ...ring, tracking: 'SERIAL' },
      { ...chain, tracking: 'SERIAL' },
    ]);
    expect((await itemOf('RING'))!.tracking).toBe('QUANTITY');
    expect((await itemOf('CHAIN'))!.tracking).toBe('SERIAL');
    expect(warnings).toEqual([expect.objectContaining({ code: 'TRACKING_IN_USE', sku: 'RING' })]);
  });

  it('refuse a SKU that counts another variant; nothing of the call is registered', async () => {
    await room.register('RING');
    const items = ['CHAIN', 'RING'].map((sku) => ({
      variantId: randomUUID(),
      sku,
      title: sku,
      tracking: 'QUANTITY' as const,
    }));
    const refusal = expectRefused(await room.stockItems.register(room.caller, items));
    expect(refusal['reasons']).toEqual([
      expect.objectContaining({ index: 1, sku: 'RING', code: 'SKU_TAKEN' }),
    ]);
    expect(await itemOf('CHAIN')).toBeNull();
  });

  it('keep their SKU where the new one is that of stock without a variant', async () => {
    const variant = variantOf();
    await productChanged(room, 1, [variant]);
    const own = { sku: 'BAND', title: 'Band', tracking: 'QUANTITY' as const };
    const idempotencyKey = randomUUID();
    expectDone(await room.itemChanges.create(room.caller, { ...own, idempotencyKey }));
    expect(await productChanged(room, 2, [{ ...variant, sku: 'band' }])).toMatchObject([
      { code: 'SKU_TAKEN', sku: 'band' },
    ]);
    expect(await room.rows('SELECT sku FROM stock_item ORDER BY sku')).toEqual([
      { sku: 'BAND' },
      { sku: 'RING' },
    ]);
  });

  it('make a variant’s barcode scannable, follow its change, and leave a tag’s code to the tag', async () => {
    const variant = variantOf({ barcode: 'B-1' });
    await productChanged(room, 1, [variant]);
    const scan = (code: string) =>
      room.holdLine({ saleId: randomUUID(), lineId: randomUUID() }, { code });
    await room.receive({ sku: 'RING', quantity: 9 });
    expectDone(await scan('B-1'));
    await productChanged(room, 2, [{ ...variant, barcode: 'B-2' }]);
    expectDone(await scan('B-2'));
    expect(expectRefused(await scan('B-1')).code).toBe('NOT_FOUND');
    await productChanged(room, 3, [{ ...variant, barcode: undefined, stockCode: '365275101829' }]);
    expectDone(await scan('365275101829'));
    await room.register('BROOCH', 'SERIAL');
    const [unitId] = await room.receive({
      sku: 'BROOCH',
      units: [{ serial: 'S1', codes: ['B-3'] }],
    });
    await productChanged(room, 4, [{ ...variant, barcode: 'B-3' }]);
    expect(expectDone(await scan('B-3'))).toMatchObject({ placed: { serialUnitId: unitId } });
  });

  it('carry a new backorder limit to their levels, and refuse one that the count is already past', async () => {
    const item = await room.register('RING', 'QUANTITY', 3);
    await room.receive({ sku: 'RING', quantity: 1 });
    const limit = (backorderLimit: number) =>
      room.stockItems.register(room.caller, [
        {
          variantId: item.variantId!,
          sku: 'RING',
          title: 'Ring',
          tracking: 'QUANTITY',
          backorderLimit,
        },
      ]);
    expectDone(await limit(5));
    expect(await room.rows('SELECT backorder_limit FROM level')).toEqual([{ backorder_limit: 5 }]);
    expectDone(await room.hold({ sku: 'RING', quantity: 4 }));
    expect(expectRefused(await limit(2))['reasons']).toEqual([
      expect.objectContaining({ code: 'BACKORDER_IN_USE' }),
    ]);
  });

  it('are found by id and SKU within their tenant alone', async () => {
    const item = await room.register('RING');
    const stranger = callerOf(randomUUID());
    const find = (caller: typeof stranger, wanted: object) =>
      room.stockItems.find(caller, wanted).then((found) => found?.id ?? null);
    expect(await find(room.caller, { id: item.id })).toBe(item.id);
    expect(await find(room.caller, { sku: 'RING' })).toBe(item.id);
    expect(await find(stranger, { id: item.id })).toBeNull();
    expect(await find(stranger, { sku: 'RING' })).toBeNull();
    expect(await find(room.caller, { id: 'no id' })).toBeNull();
    expect(await find(room.caller, { sku: 'a\0' })).toBeNull();
  });

  describe('corrections', () => {
    const adjust = (more: object) =>
      room.adjustments.adjust(room.caller, {
        sku: 'RING',
        locationId: room.places.HQ,
        quantity: -1,
        reason: 'DAMAGE',
        idempotencyKey: randomUUID(),
        ...more,
      });

    it('write a ledger row with their reason and change the level', async () => {
      await room.stocked('RING', 3);
      const idempotencyKey = randomUUID();
      const first = expectDone(await adjust({ idempotencyKey }));
      expect(await adjust({ idempotencyKey })).toEqual(first);
      expectDone(await adjust({ quantity: 2, reason: 'FOUND' }));
      expect(await room.level('RING')).toEqual({ onHand: 4, committed: 0, available: 4 });
      await room.assertSums();
    });

    it('refuse to take away what is held or not there, and whatever makes no sense', async () => {
      await room.stocked('RING', 3);
      await room.register('BROOCH', 'SERIAL');
      await room.register('ENGRAVING', 'NONE');
      expectDone(await room.hold({ sku: 'RING', quantity: 2 }));
      const before = await room.footprint();
      const codeOf = async (more: object) => {
        const refusal = expectRefused(await adjust(more));
        return refusal.code === 'INVALID_INPUT' ? refusal['field'] : refusal.code;
      };
      expect(await codeOf({ quantity: -2 })).toBe('INSUFFICIENT_STOCK');
      expect(await codeOf({ quantity: 0 })).toBe('quantity');
      expect(await codeOf({ quantity: -1_000_001 })).toBe('quantity');
      expect(await codeOf({ reason: 'OTHER' })).toBe('note');
      expect(await codeOf({ sku: 'BROOCH' })).toBe('serial');
      expect(await codeOf({ sku: 'ENGRAVING' })).toBe('STOCK_ITEM_NOT_TRACKED');
      expect(await codeOf({ sku: 'NOTHING' })).toBe('NOT_FOUND');
      expect(await codeOf({ locationId: randomUUID() })).toBe('NOT_FOUND');
      expect(await room.footprint()).toEqual(before);
    });
  });
});
