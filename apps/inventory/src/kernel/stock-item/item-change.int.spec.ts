import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { selectItemPage, type ItemFilter } from './item-list.sql.ts';
import { applyRegistrations } from './stock-item.service.ts';

describe('what people set for stock items', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const create = (more: object = {}) =>
    room.itemChanges.create(room.caller, {
      sku: 'CLASP',
      title: 'Lobster clasp',
      tracking: 'QUANTITY',
      idempotencyKey: randomUUID(),
      ...more,
    });
  const update = (stockItemId: string, more: object) =>
    room.itemChanges.update(room.caller, { stockItemId, idempotencyKey: randomUUID(), ...more });
  const setRule = (stockItemId: string, more: object) =>
    room.reorderRules.set(room.caller, {
      stockItemId,
      locationId: room.places.HQ,
      idempotencyKey: randomUUID(),
      ...more,
    });
  const facts = async (sku: string) =>
    (
      await room.rows(
        `SELECT title, tracking, category, low_stock_threshold AS threshold, backorder_limit AS "limit",
           variant_id AS variant FROM stock_item WHERE sku = $1`,
        [sku],
      )
    )[0];
  const codeOf = async (result: Promise<object>) => {
    const refusal = expectRefused(await result);
    return refusal.code === 'INVALID_INPUT' ? refusal['field'] : refusal.code;
  };

  it('an item without variant is counted like any other, and the variant that comes with its SKU takes it over', async () => {
    const idempotencyKey = randomUUID();
    const made = expectDone(await create({ sku: ' CLASP ', category: 'Findings', idempotencyKey }));
    expect(await create({ sku: ' CLASP ', category: 'Findings', idempotencyKey })).toEqual(made);
    await room.receive({ sku: 'CLASP', quantity: 7 });
    const own = { title: 'Lobster clasp', tracking: 'QUANTITY', category: 'Findings' };
    expect(await facts('CLASP')).toEqual({ ...own, threshold: 1, limit: 0, variant: null });
    expectDone(await update(made.stockItemId, { lowStockThreshold: 5, title: 'Clasp' }));
    const variantId = randomUUID();
    const arrive = (tracking: 'QUANTITY' | 'SERIAL') =>
      room.db.inTransaction(room.tenantId, (tx) =>
        applyRegistrations(tx, [{ variantId, sku: 'CLASP', tracking, title: 'Sold clasp' }], {
          version: 3,
        }),
      );
    expect((await arrive('SERIAL')).refused).toMatchObject([{ code: 'TRACKING_IN_USE' }]);
    expect((await arrive('QUANTITY')).refused).toEqual([]);
    expect(await facts('CLASP')).toMatchObject({
      title: 'Sold clasp',
      threshold: 5,
      variant: variantId,
    });
    const item = await room.stockItems.find(room.caller, { sku: 'CLASP' });
    expect(item).toMatchObject({ id: made.stockItemId, variantId });
    expect(await room.level('CLASP')).toEqual({ onHand: 7, committed: 0, available: 7 });
    expect(await codeOf(update(item!.id, { title: 'Mine' }))).toBe('STOCK_ITEM_FOLLOWS_CATALOG');
    expect(await codeOf(update(item!.id, { category: '' }))).toBe('STOCK_ITEM_FOLLOWS_CATALOG');
  });

  it('are refused where they make no sense, and nothing is written', async () => {
    const { id } = await room.stocked('RING', 1);
    const { id: engraving } = await room.register('ENGRAVING', 'NONE');
    const before = await room.footprint();
    const items = await room.rows('SELECT * FROM stock_item ORDER BY id');
    const refused: [string, Promise<object>][] = [
      ['STOCK_ITEM_SKU_TAKEN', create({ sku: 'RING ' })],
      ['sku', create({ sku: ' ' })],
      ['sku', create({ sku: 'x'.repeat(256) })],
      ['title', create({ title: '' })],
      ['title', create({ title: 'a\0b' })],
      ['category', create({ category: 'x'.repeat(256) })],
      ['lowStockThreshold', create({ lowStockThreshold: -1 })],
      ['lowStockThreshold', create({ lowStockThreshold: 1_000_001 })],
      ['backorderLimit', create({ backorderLimit: 1.5 })],
      ['backorderLimit', create({ backorderLimit: 1, tracking: 'SERIAL' })],
      ['idempotencyKey', create({ idempotencyKey: '' })],
      ['NOT_FOUND', update(randomUUID(), { lowStockThreshold: 2 })],
      ['stockItemId', update('no id', { lowStockThreshold: 2 })],
      ['title', update(id, {})],
      ['lowStockThreshold', update(id, { lowStockThreshold: -1 })],
      ['backorderLimit', update(engraving, { backorderLimit: 1 })],
      ['NOT_FOUND', setRule(randomUUID(), { point: 1, quantity: 1 })],
      ['NOT_FOUND', setRule(id, { locationId: randomUUID(), point: 1, quantity: 1 })],
      ['STOCK_ITEM_NOT_TRACKED', setRule(engraving, { point: 1, quantity: 1 })],
      ['point', setRule(id, { point: -1, quantity: 1 })],
      ['quantity', setRule(id, { point: 1, quantity: 0 })],
      ['quantity', setRule(id, { point: 1 })],
      ['quantity', setRule(id, { quantity: 1 })],
    ];
    for (const [code, result] of refused) expect(await codeOf(result)).toBe(code);
    expect(await room.footprint()).toEqual(before);
    expect(await room.rows('SELECT * FROM stock_item ORDER BY id')).toEqual(items);
    expect(await room.rows('SELECT * FROM reorder_rule')).toEqual([]);
  });

  it('a backorder limit goes to every level, and not below what is sold ahead', async () => {
    const item = await room.stocked('RING', 1);
    await room.receive({ sku: 'RING', quantity: 1 }, 'GM');
    expectDone(await update(item.id, { backorderLimit: 5 }));
    expect(await room.rows('SELECT backorder_limit AS "limit" FROM level')).toEqual([
      { limit: 5 },
      { limit: 5 },
    ]);
    const { HQ: locationId } = room.places;
    expectDone(await room.hold({ sku: 'RING', quantity: 4, locationId }));
    const refusal = expectRefused(await update(item.id, { backorderLimit: 2 }));
    expect(refusal).toMatchObject({
      code: 'BACKORDER_IN_USE',
      sku: 'RING',
      backorderLimit: 2,
      soldAhead: 3,
      locationCode: 'HQ',
    });
    expectDone(await update(item.id, { backorderLimit: 3 }));
    await room.assertSums();
  });

  it('a limit that is lowered and a hold that needs it: one of them is refused', async () => {
    const item = await room.stocked('RING', 1);
    expectDone(await update(item.id, { backorderLimit: 5 }));
    const [lowered, held] = await Promise.all([
      update(item.id, { backorderLimit: 0 }),
      room.hold({ sku: 'RING', quantity: 4, locationId: room.places.HQ }),
    ]);
    const codes = [lowered, held].map((each) => ('code' in each ? each.code : 'DONE'));
    expect([
      ['DONE', 'INSUFFICIENT_STOCK'],
      ['BACKORDER_IN_USE', 'DONE'],
    ]).toContainEqual(codes);
  });

  it('a reorder rule is set, changed and removed, where nothing stood yet, too', async () => {
    const item = await room.register('RING');
    const rules = () => room.rows('SELECT point, quantity FROM reorder_rule');
    expectDone(await setRule(item.id, { point: 0, quantity: 10 }));
    expectDone(await setRule(item.id, { point: 3, quantity: 12 }));
    expect(await rules()).toEqual([{ point: 3, quantity: 12 }]);
    expectDone(await setRule(item.id, {}));
    expect(await rules()).toEqual([]);
  });

  it('are listed by SKU, narrowed by what is asked for together', async () => {
    await room.stocked('RING-2', 1);
    await room.register('RING-1', 'SERIAL');
    await room.register('other');
    expectDone(await create({ sku: 'Ring-3', title: 'ÖSE 100%', category: 'Findings' }));
    const list = async (filter: ItemFilter = {}, after?: string) => {
      const page = { after, limit: 10, filter };
      const found = await room.db.read(room.tenantId, (tx) => selectItemPage(tx, page));
      return found.map(({ sku }) => sku);
    };
    expect(await list()).toEqual(['RING-1', 'RING-2', 'Ring-3', 'other']);
    expect(await list({}, 'RING-2')).toEqual(['Ring-3', 'other']);
    expect(await list({ text: 'ring' })).toEqual(['RING-1', 'RING-2', 'Ring-3']);
    expect(await list({ text: 'the RING' })).toEqual(['RING-1', 'RING-2']);
    expect(await list({ text: 'öse 100%' })).toEqual(['Ring-3']);
    expect(await list({ text: '%' })).toEqual([]);
    expect(await list({ tracking: 'SERIAL' })).toEqual(['RING-1']);
    expect(await list({ locationId: room.places.HQ })).toEqual(['RING-2']);
    expect(await list({ locationId: room.places.GM })).toEqual([]);
    expect(await list({ hasVariant: false })).toEqual(['Ring-3']);
    expect(await list({ hasVariant: true, text: 'ring' })).toEqual(['RING-1', 'RING-2']);
    expect(await list({ category: 'Findings', text: 'ös' })).toEqual(['Ring-3']);
    const stranger = await openStockRoom(database);
    const page = { after: undefined, limit: 10, filter: {} };
    expect(await stranger.db.read(stranger.tenantId, (tx) => selectItemPage(tx, page))).toEqual([]);
  });
});
