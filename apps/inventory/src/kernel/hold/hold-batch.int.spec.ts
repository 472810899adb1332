import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  callerOf,
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import type { HoldBatchCreateInput } from './hold-batch.service.ts';
import { selectHoldPage, type HoldFilter } from './hold.sql.ts';
import type { HoldLineInput } from './hold.input.ts';

describe('holds in batches', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  type Line = Partial<HoldLineInput> & { sku: string };
  const batchOf = (lines: Line[], more: Partial<HoldBatchCreateInput> = {}) => ({
    lines: lines.map((line) => ({ quantity: 1, ...line })),
    kind: 'SOFT' as const,
    holdSeconds: 900,
    purpose: 'LAY_BY',
    idempotencyKey: randomUUID(),
    ...more,
  });
  const place = (lines: Line[], more: Partial<HoldBatchCreateInput> = {}) =>
    room.holdBatches.create(room.caller, batchOf(lines, more));

  it('keeps generic and named lines of several SKUs under one reference, in the order of the lines', async () => {
    await room.stocked('RING', 5);
    const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
    const lines = [{ sku: 'RING', quantity: 2 }, { sku: 'BROOCH', serial: 'S2' }, { sku: 'RING' }];
    const terms = { referenceKind: 'LAY_BY', referenceId: 'LB-1', channel: 'COUNTER' };
    const idempotencyKey = randomUUID();
    const { holdIds } = expectDone(await place(lines, { ...terms, idempotencyKey }));
    expect(await place(lines, { ...terms, idempotencyKey })).toEqual({
      __typename: 'HoldBatchCreateSuccess',
      holdIds,
    });
    const page = (filter: HoldFilter) =>
      database.db.read(room.tenantId, (tx) =>
        selectHoldPage(tx, filter, { before: undefined, limit: 10 }),
      );
    const rows = await page({ referenceKind: 'LAY_BY', referenceId: 'LB-1', status: 'LIVE' });
    const byId = new Map(rows.map((row) => [row.id, row]));
    expect(holdIds.map((id) => byId.get(id))).toMatchObject([
      { quantity: 2, serialUnitId: null, purpose: 'LAY_BY', channel: 'COUNTER' },
      { quantity: 1, serialUnitId: unitIds[1], subject: 'tester' },
      { quantity: 1, serialUnitId: null, kind: 'SOFT' },
    ]);
    expect(await room.level('RING')).toEqual({ onHand: 5, committed: 3, available: 2 });
    expect(await room.level('BROOCH')).toEqual({ onHand: 2, committed: 1, available: 1 });
    await room.assertSums();

    await room.expire(holdIds[0]!);
    const ids = async (filter: HoldFilter) => (await page(filter)).map(({ id }) => id);
    const [first, named, last] = holdIds;
    expect(await ids({ purpose: 'LAY_BY', status: 'LIVE' })).toEqual(
      [last, named].sort().reverse(),
    );
    expect(await ids({ status: 'EXPIRED', subject: 'tester' })).toEqual([first]);
    expect(await ids({ locationId: room.places.GM })).toEqual([]);
    expect(await ids({ status: 'SOLD' })).toEqual([]);
  });

  it('all or none: each refused line has its reason, and nothing is written', async () => {
    await room.stocked('RING', 3);
    await room.pieces('BROOCH', 'S1');
    await room.register('ENGRAVING', 'NONE');
    expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
    const before = await room.footprint();
    const refusal = expectRefused(
      await place([
        { sku: 'RING', quantity: 2 },
        { sku: 'BROOCH', serial: 'S1' },
        { sku: 'RING', quantity: 2 },
        { sku: 'NOTHING' },
        { sku: 'ENGRAVING' },
        { sku: 'RING', locationId: randomUUID() },
      ]),
    );
    expect(refusal).toMatchObject({
      __typename: 'HoldBatchRefused',
      message: expect.stringContaining('4 more lines'),
    });
    const reasons = refusal['reasons'] as { index: number; code: string; available: number }[];
    expect(reasons.map(({ index, code, available }) => [index, code, available])).toEqual([
      [1, 'UNIT_NOT_AVAILABLE', null],
      [2, 'INSUFFICIENT_STOCK', 1],
      [3, 'NOT_FOUND', null],
      [4, 'STOCK_ITEM_NOT_TRACKED', null],
      [5, 'NOT_FOUND', null],
    ]);
    expect(await room.footprint()).toEqual(before);
  });

  it('a unit named twice, and a free unit whose parent the lines before took, are refused', async () => {
    await room.pieces('BROOCH', 'S1');
    const codes = async (lines: Line[]) =>
      (expectRefused(await place(lines))['reasons'] as { code: string }[]).map(({ code }) => code);
    const named = { sku: 'BROOCH', serial: 'S1' };
    expect(await codes([named, named])).toEqual(['UNIT_NOT_AVAILABLE']);
    expect(await codes([{ sku: 'BROOCH' }, named])).toEqual(['INSUFFICIENT_STOCK']);
    expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 0, available: 1 });
  });

  it('40 batches over the same SKUs in opposite orders: no deadlock, and the sums are exact', async () => {
    const skus = ['A', 'B', 'C'];
    for (const sku of skus) await room.stocked(sku, 10);
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        place((index % 2 ? skus : skus.toReversed()).map((sku) => ({ sku }))),
      ),
    );
    expect(results.filter(isRefusal)).toHaveLength(30);
    for (const sku of skus) expect((await room.level(sku)).available).toBe(0);
    await room.assertSums();
  });

  const bad: [string, Partial<HoldBatchCreateInput>, string][] = [
    ['no lines', { lines: [] }, 'lines'],
    [
      '201 lines',
      { lines: Array.from({ length: 201 }, () => ({ sku: 'RING', quantity: 1 })) },
      'lines',
    ],
    ['quantity 0', { lines: [{ sku: 'RING', quantity: 0 }] }, 'lines.0.quantity'],
    [
      'two of a named unit',
      { lines: [{ sku: 'R', serial: 'S', quantity: 2 }] },
      'lines.0.quantity',
    ],
    [
      'a location that is no id',
      { lines: [{ sku: 'R', quantity: 1, locationId: 'HQ' }] },
      'lines.0.locationId',
    ],
    ['an empty key', { idempotencyKey: '' }, 'idempotencyKey'],
    ['ten years', { holdSeconds: 315_360_000 }, 'holdSeconds'],
    ['a kind without an id', { referenceKind: 'ORDER' }, 'referenceId'],
    ['a sale’s reference', { referenceKind: 'SALE', referenceId: randomUUID() }, 'referenceKind'],
    ['a transfer’s reference', { referenceKind: 'TRANSFER', referenceId: 'x' }, 'referenceKind'],
    ['a reference with NUL', { referenceKind: 'ORDER', referenceId: 'a\0b' }, 'referenceId'],
    ['the purpose of a sale', { purpose: 'SALE' }, 'purpose'],
  ];
  it.each(bad)('input that cannot be: %s', async (_, more, field) => {
    await room.stocked('RING', 5);
    const before = await room.footprint();
    expect(expectRefused(await place([{ sku: 'RING' }], more))).toMatchObject({ field });
    expect(await room.footprint()).toEqual(before);
  });

  it('a public shop holds softly, and only what is on sale', async () => {
    await room.stocked('RING', 5);
    await room.stocked('SECRET', 5);
    await room.putOnSale('RING');
    const shop = callerOf(room.tenantId, ['shop:hold']);
    const ask = (lines: Line[], more = {}) =>
      room.holdBatches.create(shop, batchOf(lines, { purpose: 'BASKET', ...more }));
    const refusal = expectRefused(await ask([{ sku: 'RING' }, { sku: 'SECRET' }]));
    expect(refusal['reasons']).toMatchObject([{ index: 1, code: 'NOT_FOUND' }]);
    expect(expectRefused(await ask([{ sku: 'RING' }], { kind: 'HARD' }))).toMatchObject({
      field: 'kind',
    });
    expect(expectRefused(await ask([{ sku: 'RING' }], { purpose: 'REPAIR' }))).toMatchObject({
      field: 'purpose',
    });
    expectDone(await ask([{ sku: 'RING' }]));
    expect((await room.level('RING')).committed).toBe(1);
  });

  it("a public shop's key neither blocks nor probes one of the staff, in either order", async () => {
    await room.stocked('RING', 9);
    await room.putOnSale('RING');
    const shop = { ...callerOf(room.tenantId, ['shop:read', 'shop:hold']), subject: 'page' };
    const idempotencyKey = randomUUID();
    const batch = { ...batchOf([{ sku: 'RING' }], { purpose: 'BASKET' }), idempotencyKey };
    const single = { ...batch, sku: 'RING', quantity: 1, idempotencyKey: `${idempotencyKey}-1` };
    const change = {
      locationId: room.places.HQ,
      sku: 'RING',
      quantity: -1,
      reason: 'LOSS',
    } as const;
    const adjust = (key: string) =>
      room.adjustments.adjust(room.caller, { ...change, idempotencyKey: key });
    const asShop = [
      () => room.holdBatches.create(shop, batch),
      () => room.holds.create(shop, single),
    ];
    expectDone(await asShop[0]!());
    expectDone(await adjust(idempotencyKey));
    expectDone(await adjust(single.idempotencyKey));
    for (const ask of asShop) expectDone(await ask());
    expectDone(await adjust(idempotencyKey));
    expectDone(await room.holdBatches.create({ ...shop, subject: 'another page' }, batch));
    expect(await room.level('RING')).toEqual({ onHand: 7, committed: 3, available: 4 });
  });

  it('a hold that was refused is refused under its key when there is stock again, and so is a release', async () => {
    await room.stocked('RING', 1);
    const idempotencyKey = randomUUID();
    const ask = () => room.hold({ sku: 'RING', quantity: 2, idempotencyKey });
    const refused = expectRefused(await ask());
    await room.receive({ sku: 'RING', quantity: 5 });
    expect(expectRefused(await ask())).toEqual(refused);
    const reused = await room.hold({ sku: 'RING', idempotencyKey });
    expect(expectRefused(reused)).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      idempotencyKey,
    });

    const { id: holdId } = expectDone(await room.hold({ sku: 'RING' })).hold;
    await room.expire(holdId);
    const release = { holdId, idempotencyKey: randomUUID() };
    const ended = expectRefused(await room.holds.release(room.caller, release));
    expect(ended.__typename).toBe('HoldNotLive');
    await room.write(
      "UPDATE hold SET status = 'LIVE', settled_at = NULL, expires_at = now() + interval '1 h' WHERE id = $1",
      [holdId],
    );
    expect(await room.holds.release(room.caller, release)).toEqual(ended);
  });
});
