import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { openSubgraph } from '../../../test/subgraph.ts';
import { openCounting, type Counting } from '../../../test/counting.ts';

describe('a stocktake while sales go on', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let counting: Counting;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    counting = openCounting(room);
  });
  afterAll(() => database.drop());

  const scanned = async (...args: Parameters<Counting['scan']>) =>
    expectDone(await counting.scan(...args));
  const posted = async (...args: Parameters<Counting['post']>) =>
    expectDone(await counting.post(...args)).movements;

  it('posts what differs as one row of the ledger each, dated by its scan', async () => {
    await room.stocked('CHAIN', 10);
    await room.stocked('RING', 5);
    await room.stocked('WATCH', 2);
    await room.stocked('STUD', 3);
    const id = await counting.begin();
    await scanned(id, { CHAIN: 8, RING: 5, STUD: 4 });
    await counting.review(id);
    expect(await counting.lines(id)).toEqual([
      'CHAIN SHORTAGE 8/10',
      'RING MATCHES 5/5',
      'STUD SURPLUS 4/3',
      'WATCH NOT_COUNTED -/2',
    ]);
    expect(await posted(id)).toBe(2);
    expect((await room.level('CHAIN')).onHand).toBe(8);
    expect((await room.level('STUD')).onHand).toBe(4);
    expect((await room.level('WATCH')).onHand).toBe(2);
    const rows = await room.rows(
      `SELECT i.sku, m.quantity, m.resulting_on_hand AS resulting, m.level_version = l.version AS newest, m.reference_id AS reference,
         m.actor, m.occurred_at < m.recorded_at AS dated,
         (SELECT count(*)::int FROM outbox o WHERE o.data ->> 'movementId' = m.id::text) AS events
       FROM movement m JOIN stock_item i ON i.id = m.stock_item_id
       JOIN level l ON l.stock_item_id = m.stock_item_id AND l.location_id = m.location_id
       WHERE m.reason = 'COUNT_CORRECTION' AND m.reference_kind = 'STOCKTAKE' ORDER BY i.sku`,
    );
    const common = { newest: true, reference: id, actor: 'tester', dated: true, events: 1 };
    expect(rows).toEqual([
      { ...common, sku: 'CHAIN', quantity: -2, resulting: 8 },
      { ...common, sku: 'STUD', quantity: 1, resulting: 4 },
    ]);
    await room.assertSums();
  });

  it('takes what nobody scanned as gone only when asked', async () => {
    await room.stocked('WATCH', 2);
    const id = await counting.begin();
    await counting.review(id);
    expect(await posted(id, { countMissingAsZero: true })).toBe(1);
    expect(await room.level('WATCH')).toEqual({ onHand: 0, committed: 0, available: 0 });
  });

  it('finds no difference in what was sold or received before, during or after the count', async () => {
    const before = await room.stocked('BEFORE', 5);
    const after = await room.stocked('AFTER', 5);
    const id = await counting.begin();
    await counting.sell(before);
    await scanned(id, { BEFORE: 4, AFTER: 5 });
    await counting.sell(after);
    await room.receive({ sku: 'AFTER', quantity: 7 });
    await counting.review(id);
    await counting.sell(after);
    await counting.sell(before);
    expect(await counting.lines(id)).toEqual(['AFTER MATCHES 5/5', 'BEFORE MATCHES 4/4']);
    expect(await posted(id)).toBe(0);
    expect((await room.level('BEFORE')).onHand).toBe(3);
    expect((await room.level('AFTER')).onHand).toBe(10);
  });

  it('adds several shelves up, and asks for a recount when something moved in between', async () => {
    const quiet = await room.stocked('QUIET', 9);
    const busy = await room.stocked('BUSY', 9);
    const id = await counting.begin();
    await scanned(id, { QUIET: 4, BUSY: 4 }, { device: 'A' });
    await counting.sell(busy);
    await scanned(id, { QUIET: 4, BUSY: 4 }, { device: 'B' });
    await counting.sell(quiet);
    await counting.review(id);
    expect(await counting.lines(id)).toEqual(['BUSY MATCHES 8/8 !', 'QUIET SHORTAGE 8/9']);
    const before = await room.footprint();
    const refusal = expectRefused(await counting.post(id));
    expect(refusal).toMatchObject({
      __typename: 'StocktakeLinesBlocked',
      count: 1,
      lines: [{ sku: 'BUSY', reason: 'NEEDS_RECOUNT' }],
    });
    expect(await room.footprint()).toEqual(before);

    expect(expectDone(await counting.recount(id)).items).toBe(1);
    expect(expectRefused(await counting.post(id)).__typename).toBe('StocktakeNotReviewed');
    await scanned(id, { BUSY: 7 });
    await counting.review(id);
    expect(await counting.lines(id)).toEqual(['BUSY SHORTAGE 7/8', 'QUIET SHORTAGE 8/9']);
    expect(await posted(id)).toBe(2);
    expect((await room.level('BUSY')).onHand).toBe(7);
    expect((await room.level('QUIET')).onHand).toBe(7);
  });

  it('waits for a sale claimed before the scan, and takes its movement as it is dated', async () => {
    const item = await room.stocked('RING', 5);
    const id = await counting.begin();
    const sale = await counting.claim(item);
    const committedAt = await counting.later();
    // The piece had left: four are on the shelf.
    await scanned(id, { RING: 4 });
    const late = await counting.claim(item);
    await counting.review(id);
    const before = await room.footprint();
    expect(expectRefused(await counting.post(id))).toMatchObject({
      __typename: 'StocktakeSalesInFlight',
      saleIds: [sale.saleId],
    });
    expect(await room.footprint()).toEqual(before);
    const posting = counting.post(id);
    await counting.later();
    await sale.apply(committedAt);
    expect(expectDone(await posting).movements).toBe(0);
    await late.apply();
    expect((await room.level('RING')).onHand).toBe(3);
    await room.assertSums();
  });

  it('recomputes what changed between review and posting', async () => {
    const item = await room.stocked('RING', 5);
    const id = await counting.begin();
    const sale = await counting.claim(item);
    const committedAt = await counting.later();
    await scanned(id, { RING: 3 });
    await counting.review(id);
    expect(await counting.lines(id)).toEqual(['RING SHORTAGE 3/5']);
    await sale.apply(committedAt);
    expect(await posted(id)).toBe(1);
    expect(await counting.lines(id)).toEqual(['RING SHORTAGE 3/4']);
    expect((await room.level('RING')).onHand).toBe(3);
  });

  it('two counts that overlap correct a difference once', async () => {
    await room.stocked('RING', 5);
    const [first, second] = [await counting.begin(), await counting.begin()];
    await scanned(first, { RING: 4 });
    await scanned(second, { RING: 4 });
    await counting.review(first);
    await counting.review(second);
    expect(await posted(first)).toBe(1);
    expect(await posted(second)).toBe(0);
    expect((await room.level('RING')).onHand).toBe(4);
  });

  it('names units that are missing, found again, or there though they should not be', async () => {
    const { item, unitIds } = await room.pieces('BROOCH', 'HERE', 'GONE', 'SOLD', 'LOST', 'LATER');
    const [, gone, sold, lost, later] = unitIds as [string, string, string, string, string];
    await counting.sell(item, sold);
    expectDone(
      await room.units.setStatus(room.caller, {
        ...{ serialUnitId: lost, to: 'LOST' as const, idempotencyKey: randomUUID() },
      }),
    );
    await room.receive({ sku: 'BROOCH', units: [{ serial: 'GM-1' }] }, 'GM');
    const id = await counting.begin();
    const answer = await scanned(id, { HERE: 1, SOLD: 1, LOST: 1, LATER: 1, 'GM-1': 1, NOBODY: 1 });
    expect(answer).toMatchObject({
      accepted: 5,
      unknown: 1,
      unknownCodes: ['NOBODY'],
      duplicate: 0,
    });
    expect(await scanned(id, { HERE: 1 }, { device: 'B' })).toMatchObject({
      accepted: 1,
      duplicate: 1,
      duplicateCodes: ['HERE'],
    });
    await counting.sell(item, later);
    await room.receive({ sku: 'BROOCH', units: [{ serial: 'NEW' }] });
    await counting.review(id);
    expect((await counting.lines(id)).sort()).toEqual([
      'BROOCH MATCHES 1/1',
      'BROOCH MATCHES 1/1',
      'BROOCH UNIT_FOUND_AGAIN 1/0',
      'BROOCH UNIT_MISSING 0/1',
      'BROOCH UNIT_UNEXPECTED 1/0',
      'BROOCH UNIT_UNEXPECTED 1/0',
    ]);
    expect(await posted(id)).toBe(2);
    expect(await room.unitStatus(gone)).toBe('LOST');
    expect(await room.unitStatus(lost)).toBe('AVAILABLE');
    expect(await room.unitStatus(sold)).toBe('SOLD');
    expect(await room.level('BROOCH')).toEqual({ onHand: 3, committed: 0, available: 3 });
    expect(
      await room.rows(
        "SELECT serial_unit_id AS unit, from_status, to_status, reference_kind FROM serial_unit_change WHERE reference_kind = 'STOCKTAKE' ORDER BY to_status",
      ),
    ).toEqual([
      { unit: lost, from_status: 'LOST', to_status: 'AVAILABLE', reference_kind: 'STOCKTAKE' },
      { unit: gone, from_status: 'AVAILABLE', to_status: 'LOST', reference_kind: 'STOCKTAKE' },
    ]);
    await room.assertSums();
  });

  it('posts nothing where more is held than would be left, unless it is left out', async () => {
    const ring = await room.stocked('RING', 5);
    const { item, unitIds } = await room.pieces('BROOCH', 'S1');
    await room.stocked('CHAIN', 5);
    expectDone(await room.hold({ sku: 'RING', quantity: 4 }));
    const held = expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1' }));
    const id = await counting.begin();
    await scanned(id, { RING: 3, CHAIN: 4 });
    await counting.review(id);
    const before = await room.footprint();
    const refusal = expectRefused(await counting.post(id));
    expect(refusal).toMatchObject({
      __typename: 'StocktakeLinesBlocked',
      count: 2,
      lines: [
        { sku: 'BROOCH', serialUnitId: unitIds[0], reason: 'HELD', change: -1 },
        { sku: 'RING', serialUnitId: null, reason: 'HELD', change: -2, available: 1 },
      ],
    });
    expect(await room.footprint()).toEqual(before);
    // A hold whose time is over holds nothing, settled or not.
    await room.expire(held.hold.id);
    expect(await posted(id, { excludeStockItemIds: [ring.id] })).toBe(2);
    expect((await room.level('RING')).onHand).toBe(5);
    expect((await room.level('CHAIN')).onHand).toBe(4);
    expect(await room.unitStatus(unitIds[0]!)).toBe('LOST');
    expect(item.tracking).toBe('SERIAL');
    await room.assertSums();
  });

  it('counts only its scope, a tag once, a batch once, and no scan from a wrong clock', async () => {
    await room.stocked('AU-1', 2);
    await room.stocked('AG-1', 2);
    const id = await counting.begin({ scope: 'SKU_PREFIX', scopeValue: 'AU-' });
    const tags = { codeList: ' AU-1 AG-1\nAU-1\tTAG-9 ', batchKey: 'b-1' };
    const scannedAt = await counting.later();
    const first = await scanned(id, {}, { ...tags, scannedAt });
    expect(first).toMatchObject({
      ...{ accepted: 2, duplicate: 1, duplicateCodes: ['AU-1'], unknown: 1 },
      ...{ outOfScope: 1, outOfScopeCodes: ['AG-1'], refused: 0 },
    });
    expect(await scanned(id, {}, { ...tags, scannedAt })).toEqual(first);
    expect(await counting.scan(id, { 'AU-1': 1 }, { batchKey: 'b-1' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'batchKey',
    });
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const wrong = [
      { code: 'AU-1', quantity: 1, scannedAt: at(3_600_000) },
      { code: 'AU-1', quantity: 1, scannedAt: at(-3_600_000) },
    ];
    expect(await scanned(id, {}, { scans: wrong })).toMatchObject({
      accepted: 0,
      refused: 2,
      refusedScans: [{ problem: 'IN_THE_FUTURE' }, { problem: 'BEFORE_THE_START' }],
    });
    await counting.review(id);
    expect(await counting.lines(id)).toEqual(['AU-1 SHORTAGE 1/2']);
  });

  it('is open again after a late batch, and shut for ever when posted or cancelled', async () => {
    await room.stocked('RING', 5);
    const id = await counting.begin();
    await scanned(id, { RING: 2 });
    await counting.review(id);
    await scanned(id, { RING: 2 }, { device: 'B' });
    expect((await counting.find(id)).status).toBe('COUNTING');
    expect(expectRefused(await counting.post(id)).__typename).toBe('StocktakeNotReviewed');
    await counting.review(id);
    expect(await posted(id)).toBe(1);
    expect((await room.level('RING')).onHand).toBe(4);
    const before = await room.footprint();
    for (const again of [
      await counting.scan(id, { RING: 1 }),
      await counting.post(id),
      await counting.recount(id),
      await counting.cancel(id),
    ])
      expect(again).toMatchObject({ __typename: 'StocktakeNotOpen', status: 'POSTED' });
    expect(await room.footprint()).toEqual(before);
    for (const statement of [
      "UPDATE stocktake SET note = 'x'",
      'DELETE FROM stocktake',
      'UPDATE stocktake_line SET counted = 9',
      'DELETE FROM stocktake_line',
      `INSERT INTO stocktake_recount SELECT tenant_id, stocktake_id, stock_item_id, now(), 'x' FROM stocktake_line`,
    ])
      await expect(room.write(statement)).rejects.toMatchObject({ constraint: 'stocktake_closed' });
    const other = await counting.begin();
    expectDone(await counting.cancel(other));
    expect(await counting.scan(other, { RING: 1 })).toMatchObject({ status: 'CANCELLED' });
  });

  it('says of each count of a page how far it is, a blind one only how much was scanned', async () => {
    await room.stocked('RING', 5);
    await room.stocked('CHAIN', 5);
    const blind = await counting.begin({ isBlind: true });
    const open = await counting.begin();
    await scanned(blind, { RING: 5 });
    await scanned(open, { RING: 4, CHAIN: 5 });
    await counting.review(open);
    const ask = await openSubgraph(database);
    const { data } = await ask(
      room,
      '{ stocktakes { nodes { id summary { scans lines differences notCounted needingRecount } } } }',
    );
    const none = { lines: 0, differences: 0, notCounted: 0, needingRecount: 0 };
    expect(data.stocktakes.nodes).toEqual([
      { id: open, summary: { ...none, scans: 2, lines: 2, differences: 1 } },
      { id: blind, summary: { ...none, scans: 1 } },
    ]);
  });

  it('shows a surplus beyond all counting, and refuses to post it', async () => {
    await room.stocked('RING', 3);
    const id = await counting.begin();
    const scan = { code: 'RING', quantity: 1_000_000, scannedAt: await counting.later() };
    await scanned(id, {}, { scans: Array.from({ length: 2_200 }, () => scan) });
    await counting.review(id);
    expect(await counting.lines(id)).toEqual(['RING SURPLUS 1000000000/3']);
    expect(expectRefused(await counting.post(id))).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await room.level('RING')).onHand).toBe(3);
  });

  it('refuses what cannot be, and writes nothing', async () => {
    await room.stocked('RING', 5);
    const id = await counting.begin();
    const before = await room.footprint();
    const { stocktakes } = counting;
    const nobody = randomUUID();
    const create = (input: object) =>
      stocktakes.create(room.caller, {
        ...{ locationId: room.places.HQ, idempotencyKey: randomUUID() },
        ...input,
      });
    const scan = (code: string, quantity: number) =>
      counting.scan(id, {}, { scans: [{ code, quantity, scannedAt: new Date().toISOString() }] });
    const refusals: [object, string, string][] = [
      [await create({ locationId: nobody }), 'NotFound', 'Location'],
      [await create({ locationId: 'x' }), 'InvalidInput', 'locationId'],
      [await create({ scope: 'CATEGORY' }), 'InvalidInput', 'scopeValue'],
      [await create({ scopeValue: 'AU' }), 'InvalidInput', 'scopeValue'],
      [await create({ scope: 'SKU_PREFIX', scopeValue: '' }), 'InvalidInput', 'scopeValue'],
      [await create({ note: 'a\0b' }), 'InvalidInput', 'note'],
      [await counting.scan(nobody, { RING: 1 }), 'NotFound', 'Stocktake'],
      [await counting.scan(id, {}), 'InvalidInput', 'scans'],
      [await scan('RING', 0), 'InvalidInput', 'quantity'],
      [await scan('RING', -1), 'InvalidInput', 'quantity'],
      [await scan('RING', 1.5), 'InvalidInput', 'quantity'],
      [await scan('RING', 2 ** 31), 'InvalidInput', 'quantity'],
      [await scan('', 1), 'InvalidInput', 'code'],
      [await scan('a\0', 1), 'InvalidInput', 'code'],
      [await scan('x'.repeat(256), 1), 'InvalidInput', 'code'],
      [await counting.scan(id, {}, { codeList: 'RING' }), 'InvalidInput', 'scannedAt'],
      [await counting.scan(id, { RING: 1 }, { device: '' }), 'InvalidInput', 'device'],
      [await counting.post(nobody), 'NotFound', 'Stocktake'],
      [await counting.post(id), 'StocktakeNotReviewed', 'COUNTING'],
      [await counting.recount(id, []), 'InvalidInput', 'stockItemIds'],
      [await counting.recount(id, [nobody]), 'NotFound', 'StocktakeLine'],
    ];
    for (const [refusal, name, about] of refusals) {
      const { __typename, field, kind, status } = expectRefused(refusal);
      expect([__typename, field ?? kind ?? status]).toEqual([name, about]);
    }
    expect(await room.footprint()).toEqual(before);
    expect(await room.rows('SELECT 1 FROM stocktake_scan')).toEqual([]);
  });

  it('takes 10,000 tags in one call of a size that the gateway lets through', async () => {
    await room.pieces('BROOCH', 'S1');
    const epc = (n: number) => `30340${n.toString(16).toUpperCase().padStart(19, '0')}`;
    await room.write(
      `INSERT INTO stock_item (tenant_id, sku, title, tracking)
       SELECT $1, 'T-' || n, 'T', 'QUANTITY' FROM generate_series(1, 100) n`,
      [room.tenantId],
    );
    const codes = Array.from({ length: 9_999 }, (_, n) => epc(n));
    await room.write(
      `INSERT INTO stock_code (tenant_id, code, stock_item_id)
       SELECT $1, c.code, i.id FROM unnest($2::text[]) WITH ORDINALITY AS c (code, n)
       JOIN stock_item i ON i.sku = 'T-' || (1 + c.n % 100)`,
      [room.tenantId, codes],
    );
    const id = await counting.begin();
    const codeList = [...codes, 'UNKNOWN'].join(' ');
    expect(Buffer.byteLength(codeList)).toBeLessThan(250 * 1024);
    const scannedAt = await counting.later();
    const answer = await scanned(id, {}, { codeList, scannedAt });
    expect(answer).toMatchObject({ accepted: 9_999, unknown: 1, duplicate: 0 });
    await counting.review(id);
    expect(await posted(id)).toBe(101);
  });

  it('many devices may scan at once what is under review, and what is being reviewed', async () => {
    await room.stocked('RING', 100);
    const id = await counting.begin();
    await scanned(id, { RING: 1 });
    await counting.review(id);
    const devices = Array.from({ length: 8 }, (_, n) => ({ device: `D${n}` }));
    await Promise.all(devices.map((device) => scanned(id, { RING: 1 }, device)));
    await Promise.all([
      counting.review(id),
      ...devices.map((device) => scanned(id, { RING: 1 }, device)),
    ]);
    await counting.review(id);
    expect(await counting.lines(id)).toEqual(['RING SHORTAGE 17/100']);
  });

  it('a posting and sales of the same items at once lose nothing and refuse no sale', async () => {
    const items = await Promise.all(
      Array.from({ length: 8 }, (_, n) => room.stocked(`RING-${n}`, 50)),
    );
    const id = await counting.begin();
    await scanned(id, Object.fromEntries(items.map(({ sku }) => [sku, 45])));
    await counting.review(id);
    const sales = Array.from({ length: 40 }, (_, n) => counting.sell(items[n % items.length]!));
    const posting = counting.post(id);
    await Promise.all(sales);
    expect(expectDone(await posting).movements).toBe(8);
    for (const { sku } of items) expect((await room.level(sku)).onHand).toBe(40);
    await room.assertSums();
  });

  it('the same key posts once, also when two ask at once', async () => {
    await room.stocked('RING', 5);
    const id = await counting.begin();
    await scanned(id, { RING: 4 });
    await counting.review(id);
    const idempotencyKey = randomUUID();
    const [one, twin] = await Promise.all([
      counting.post(id, { idempotencyKey }),
      counting.post(id, { idempotencyKey }),
    ]);
    expect(expectDone(one)).toEqual(twin);
    expect((await room.level('RING')).onHand).toBe(4);
  });
});
