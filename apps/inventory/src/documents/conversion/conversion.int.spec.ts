import { randomUUID } from 'node:crypto';
import { newEvent } from '@onecount/events';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import { onPassportChanged } from './passport-changed.consumer.ts';
import { applyRegistrations } from '../../kernel/stock-item/stock-item.service.ts';
import { createTransferService } from '../transfer/transfer.service.ts';
import {
  createConversionService,
  type ConversionService,
  type UnitRegistration,
} from './conversion.service.ts';

describe('conversions', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let conversions: ConversionService;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    conversions = createConversionService({ db: room.db });
  });
  afterAll(() => database.drop());

  const key = () => ({ idempotencyKey: randomUUID() });
  const at = (code: 'HQ' | 'GM', ...serials: string[]): UnitRegistration[] =>
    serials.map((serial) => ({ locationId: room.places[code], serial }));
  const toSerial = (sku: string, units: UnitRegistration[] = []) =>
    conversions.toSerial(room.caller, { sku, units, ...key() });
  const toQuantity = (sku: string) => conversions.toQuantity(room.caller, { sku, ...key() });
  const itemOf = async (sku: string) => (await room.stockItems.find(room.caller, { sku }))!;
  const statuses = () =>
    room.rows(
      'SELECT coalesce(serial, former_serial) AS name, status FROM serial_unit ORDER BY id',
    );
  const codesOf = (result: object) =>
    (expectRefused(result)['reasons'] as { code: string }[]).map(({ code }) => code);

  /** As the passport service's event does, in the inbox's transaction. */
  async function vouch(serialUnitId: string, status = 'VALID'): Promise<void> {
    const passportId = randomUUID();
    const event = newEvent('passport.passport-changed', {
      tenantId: room.tenantId,
      aggregateId: passportId,
      sequence: 1,
      data: { passportId, version: 1, serialUnitId, status, url: 'https://passport.example/1' },
    });
    await room.db.inTransaction(room.tenantId, (tx) => onPassportChanged.handle(tx, event));
  }

  it('register some units on hand, then further ones, and leave the ledger as it is', async () => {
    const ring = await room.stocked('RING', 3);
    await room.receive({ sku: 'RING', quantity: 1 }, 'GM');
    const before = await room.rows('SELECT id FROM movement');
    const first = expectDone(
      await toSerial('RING', [
        { ...at('HQ', 'R1')[0]!, stockNumber: 'N-1', codes: ['TAG'] },
        ...at('GM', 'R2'),
      ]),
    );
    expect((await itemOf('RING')).tracking).toBe('SERIAL');
    expect(await room.level('RING')).toEqual({ onHand: 3, committed: 0, available: 3 });
    expect(codesOf(await toSerial('RING', at('HQ', 'R3', 'R4', 'R5')))).toEqual([
      'MORE_THAN_ON_HAND',
    ]);
    expectDone(await toSerial('RING', at('HQ', 'R3')));
    expect(await room.rows('SELECT id FROM movement')).toEqual(before);
    expect(
      await room.rows(
        `SELECT from_tracking AS "from", to_tracking AS "to", units, on_hand FROM stock_item_conversion ORDER BY id`,
      ),
    ).toEqual([
      { from: 'QUANTITY', to: 'SERIAL', units: 2, on_hand: 4 },
      { from: 'SERIAL', to: 'SERIAL', units: 1, on_hand: 4 },
    ]);
    expect(
      await room.rows(
        `SELECT kind, to_status, reference_id FROM serial_unit_change WHERE serial_unit_id = ANY ($1)`,
        [first.unitIds],
      ),
    ).toEqual(
      first.unitIds.map(() => ({
        kind: 'REGISTERED',
        to_status: 'AVAILABLE',
        reference_id: first.conversionId,
      })),
    );
    expect(
      await room.rows(
        `SELECT data ->> 'tracking' AS tracking FROM outbox WHERE type = 'inventory.stock-item-changed' AND aggregate_id = $1
         ORDER BY sequence DESC LIMIT 1`,
        [ring.id],
      ),
    ).toEqual([{ tracking: 'SERIAL' }]);
    expect(await room.rows('SELECT count(*)::int AS count FROM level_dirty')).toEqual([
      { count: 2 },
    ]);
    // One of the four is sold by name, one of those without.
    const saleId = randomUUID();
    const lines = [
      {
        lineId: randomUUID(),
        stockItemId: ring.id,
        sku: 'RING',
        quantity: 1,
        serialUnitId: first.unitIds[0]!,
      },
    ];
    expectDone(await room.sales.claim(room.caller, { saleId, lines }));
    expect((await room.apply(saleId, lines)).outcome).toBe('APPLIED');
    expect(await room.level('RING')).toEqual({ onHand: 2, committed: 0, available: 2 });
    await room.assertSums();
  });

  it('collapse what may be, keep what was sold, and go there and back again under the same serials', async () => {
    const { item, unitIds } = await room.pieces('BROOCH', 'S1', 'S2', 'S3');
    const lines = [
      {
        lineId: randomUUID(),
        stockItemId: item.id,
        sku: 'BROOCH',
        quantity: 1,
        serialUnitId: unitIds[0]!,
      },
    ];
    const saleId = randomUUID();
    expectDone(await room.sales.claim(room.caller, { saleId, lines }));
    await room.apply(saleId, lines);
    await room.write(
      `INSERT INTO stock_code (tenant_id, code, stock_item_id, serial_unit_id) VALUES ($1, 'TAG', $2, $3)`,
      [room.tenantId, item.id, unitIds[1]],
    );
    const movements = await room.rows('SELECT id FROM movement');
    const done = expectDone(await toQuantity('BROOCH'));
    expect(done.unitIds).toEqual(unitIds.slice(1));
    expect(await statuses()).toEqual([
      { name: 'S1', status: 'SOLD' },
      { name: 'S2', status: 'SCRAPPED' },
      { name: 'S3', status: 'SCRAPPED' },
    ]);
    expect(
      await room.rows(
        `SELECT kind, from_status, to_status, reason, facts FROM serial_unit_change WHERE serial_unit_id = $1 AND kind = 'COLLAPSED'`,
        [unitIds[1]],
      ),
    ).toEqual([
      {
        kind: 'COLLAPSED',
        from_status: 'AVAILABLE',
        to_status: 'SCRAPPED',
        reason: 'COLLAPSED',
        facts: { formerSerial: 'S2' },
      },
    ]);
    expect(
      await room.rows('SELECT change, actor FROM stock_code_change ORDER BY position DESC LIMIT 1'),
    ).toEqual([{ change: 'RETIRED', actor: 'tester' }]);
    expect(await room.level('BROOCH')).toEqual({ onHand: 2, committed: 0, available: 2 });
    expectDone(await room.hold({ sku: 'BROOCH', quantity: 2 }).then((held) => held));
    expect(expectRefused(await toSerial('BROOCH')).__typename).toBe('StockItemClaimed');
    const [hold] = await room.rows<{ id: string }>(`SELECT id FROM hold WHERE status = 'LIVE'`);
    await room.holds.release(room.caller, { holdId: hold!.id, ...key() });

    // S1 is sold: its name stays its own.
    expect(codesOf(await toSerial('BROOCH', at('HQ', 'S1')))).toEqual(['DUPLICATE_SERIAL']);
    expectDone(await toSerial('BROOCH', at('HQ', 'S2', 'S3')));
    expectDone(await toQuantity('BROOCH'));
    expectDone(await toSerial('BROOCH', at('HQ', 'S3')));
    expect(
      await room.rows('SELECT * FROM ledger_check($1, $2)', [room.tenantId, [item.id]]),
    ).toEqual([]);
    expect(await room.rows('SELECT id FROM movement')).toEqual(movements);
    expect(
      expectDone(await room.hold({ sku: 'BROOCH', serial: 'S3' })).hold.serialUnitId,
    ).toBeTruthy();
    await room.assertSums();
  });

  it('refuse what stands against them by name, and write nothing', async () => {
    await room.stocked('RING', 2);
    await room.register('LATER', 'QUANTITY', 5);
    await room.register('WORK', 'NONE');
    const { unitIds } = await room.pieces('BROOCH', 'HELD', 'CERT', 'PASS', 'AWAY', 'FREE');
    await room.write(`UPDATE serial_unit SET certificate = '{"number": "1"}' WHERE id = $1`, [
      unitIds[1],
    ]);
    await vouch(unitIds[2]!);
    await vouch(unitIds[2]!, 'REVOKED');
    const { hold } = expectDone(await room.hold({ sku: 'RING' }));
    expectDone(await room.hold({ sku: 'BROOCH', serial: 'HELD' }));
    const transfers = createTransferService({ db: room.db });
    const { transferId } = expectDone(
      await transfers.create(room.caller, {
        fromLocationId: room.places.HQ,
        toLocationId: room.places.GM,
        lines: [{ sku: 'BROOCH', serials: ['AWAY'] }],
        ...key(),
      }),
    );
    expectDone(await transfers.dispatch(room.caller, { transferId, ...key() }));
    const before = await room.footprint();
    expect(expectRefused(await toSerial('RING', at('HQ', 'R1')))).toMatchObject({
      __typename: 'StockItemClaimed',
      holdIds: [hold.id],
      holdCount: 1,
    });
    expect(expectRefused(await toSerial('LATER'))).toMatchObject({
      __typename: 'StockItemBackordered',
      backorderLimit: 5,
    });
    expect(expectRefused(await toQuantity('BROOCH'))).toMatchObject({
      __typename: 'UnitsNotCollapsible',
      unitCount: 4,
      reasons: ['CLAIMED', 'CERTIFICATE', 'PASSPORT', 'IN_TRANSIT'].map((code) => ({ code })),
    });
    const names: [Promise<object>, string][] = [
      [toSerial('WORK'), 'StockItemNotTracked'],
      [toSerial('NOTHING'), 'NotFound'],
      [toSerial('BROOCH'), 'InvalidInput'],
      [toQuantity('RING'), 'InvalidInput'],
      [conversions.toQuantity(room.caller, key()), 'InvalidInput'],
      [toSerial('a\0b'), 'InvalidInput'],
    ];
    for (const [result, name] of names) expect(expectRefused(await result).__typename).toBe(name);
    expect(
      codesOf(
        await toSerial('BROOCH', [
          { locationId: randomUUID(), serial: 'X' },
          { locationId: room.places.HQ },
          ...at('HQ', 'FREE', 'NEW', 'NEW'),
        ]),
      ),
    ).toEqual(['UNKNOWN_LOCATION', 'UNIT_NOT_NAMED', 'DUPLICATE_SERIAL', 'DUPLICATE_SERIAL']);
    expect(await room.footprint()).toEqual(before);
  });

  it('and holds at once leave no hold of the old form, whoever is first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const sku = `RING-${round}`;
      await room.stocked(sku, 3);
      const [converted] = await Promise.all([
        toSerial(sku, at('HQ', `${sku}/1`, `${sku}/2`)),
        room.hold({ sku }),
        room.hold({ sku, serial: `${sku}/1` }),
        room.receive({ sku, quantity: 1 }).catch(() => undefined),
      ]);
      if (isRefusal(converted)) expect(converted.__typename).toBe('StockItemClaimed');
      const back = `BROOCH-${round}`;
      await room.pieces(back, `${back}/1`, `${back}/2`);
      const [collapsed, named] = await Promise.all([
        toQuantity(back),
        room.hold({ sku: back, serial: `${back}/1` }),
        room.hold({ sku: back }),
      ]);
      if (!isRefusal(collapsed)) expect(isRefusal(named)).toBe(true);
    }
    // No live claim names a unit of an item that is counted by quantity, and none exceeds what is there.
    expect(
      await room.rows(
        `SELECT h.id FROM hold h JOIN stock_item i ON i.tenant_id = h.tenant_id AND i.id = h.stock_item_id
         JOIN serial_unit u ON u.tenant_id = h.tenant_id AND u.id = h.serial_unit_id
         WHERE h.status = 'LIVE' AND (i.tracking = 'QUANTITY' OR u.status <> 'HELD')`,
      ),
    ).toEqual([]);
    await room.assertSums();
  });

  it('are published to the catalog, answer it once where it does not follow, and not when it does', async () => {
    const variantId = randomUUID();
    const published = () =>
      room.rows(
        `SELECT data ->> 'tracking' AS tracking, (data ->> 'productVersion')::int AS product
         FROM outbox WHERE type = 'inventory.stock-item-changed' ORDER BY sequence`,
      );
    const productChanged = (version: number, tracking: 'QUANTITY' | 'SERIAL') => {
      const asked = { variantId, sku: 'RING', title: 'Ring', tracking, barcode: null };
      return room.db.inTransaction(room.tenantId, (tx) =>
        applyRegistrations(tx, [asked], { version }),
      );
    };
    await productChanged(1, 'QUANTITY');
    expectDone(await toSerial('RING'));
    await productChanged(2, 'QUANTITY');
    await productChanged(2, 'QUANTITY');
    await productChanged(3, 'SERIAL');
    expect(await published()).toEqual([
      { tracking: 'QUANTITY', product: 1 },
      { tracking: 'SERIAL', product: 1 },
      { tracking: 'SERIAL', product: 2 },
    ]);
    expect((await itemOf('RING')).tracking).toBe('SERIAL');
  });

  it('take the cost of the goods along, and bring it back', async () => {
    await room.register('RING');
    const input = {
      locationCode: 'HQ',
      lines: [{ sku: 'RING', quantity: 3, unitCost: { amount: '10.00', currencyCode: 'EUR' } }],
      ...key(),
    };
    expectDone(await room.receipts.receive(room.caller, input));
    expectDone(
      await toSerial('RING', [
        ...at('HQ', 'R1', 'R2'),
        { ...at('HQ', 'R3')[0]!, unitCost: { amount: '12.00', currencyCode: 'EUR' } },
      ]),
    );
    const pool = () =>
      room.rows('SELECT quantity::int AS quantity, average_minor::int AS average FROM item_cost');
    expect(await room.rows('SELECT cost_minor::int AS cost FROM serial_unit ORDER BY id')).toEqual([
      { cost: 1000 },
      { cost: 1000 },
      { cost: 1200 },
    ]);
    expect(await pool()).toEqual([{ quantity: 0, average: 0 }]);
    expectDone(await toQuantity('RING'));
    expect(await pool()).toEqual([{ quantity: 3, average: 3200 }]);
  });
});
