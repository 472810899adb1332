import { randomUUID } from 'node:crypto';
import { createOutboxRelay } from '@onecount/messaging';
import {
  eventually,
  testTransport,
  type TestDatabase,
  type TestTransport,
} from '@onecount/testing';
import { createConversionService } from '../src/documents/conversion/conversion.service.ts';
import { recordCheck } from '../src/maintenance/ledger-check/ledger-check.sql.ts';
import { publishChanges } from '../src/kernel/level/level.publisher.ts';
import { evaluateLowStock } from '../src/maintenance/low-stock/low-stock.sql.ts';
import { insertRepublish, stepRepublish } from '../src/maintenance/republish/republish.sql.ts';
import { openCounting } from './counting.ts';
import { createTransferService } from '../src/documents/transfer/transfer.service.ts';
import { expectDone, openStockRoom, openTestDatabase, type StockRoom } from './stock-room.ts';

// An event that breaks its schema never leaves: SQL builds them, and only the relay checks.
describe('events of inventory', () => {
  let database: TestDatabase;
  let transport: TestTransport;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
    transport = await testTransport('embedded');
    room = await openStockRoom(database);
  });
  afterAll(async () => {
    await transport.close();
    await database.drop();
  });

  const key = () => ({ idempotencyKey: randomUUID() });

  async function receiveBoth(): Promise<void> {
    const unitCost = { amount: '1.50', currencyCode: 'EUR' };
    const sparse = { certificate: { number: 'C-1', lab: null }, attributes: [], photos: null };
    const full = {
      certificate: { number: 'C-2', lab: 'GIA', grade: 'VVS1', reportUrl: 'https://example.test' },
      attributes: [{ key: 'metal', value: '' }],
      photos: ['https://example.test/1.jpg'],
      codes: ['TAG-1'],
    };
    const units = [
      { serial: 'S1', ...sparse },
      { stockNumber: 'N1', ...full },
    ];
    const lines = [
      { sku: 'RING', quantity: 5, unitCost },
      { sku: 'RING', quantity: 2 },
      { sku: 'BROOCH', units, unitCost },
    ];
    const delivery = { supplier: 'Smith', reference: 'D-1' };
    const input = { locationCode: 'HQ', lines, ...delivery, ...key() };
    expectDone(await room.receipts.receive(room.caller, input));
  }

  async function move(): Promise<void> {
    const transfers = createTransferService({ db: room.db });
    const { HQ, GM } = room.places;
    const lines = [
      { sku: 'RING', quantity: 2 },
      { sku: 'BROOCH', serials: ['S1'] },
    ];
    const draft = { fromLocationId: HQ, toLocationId: GM, lines, ...key() };
    const { transferId } = expectDone(await transfers.create(room.caller, draft));
    expectDone(await transfers.dispatch(room.caller, { transferId, ...key() }));
    expectDone(await transfers.receive(room.caller, { transferId, isComplete: true, ...key() }));
  }

  async function count(): Promise<void> {
    const counting = openCounting(room);
    const id = await counting.begin();
    expectDone(await counting.scan(id, { RING: 9 }));
    await counting.review(id);
    expectDone(await counting.post(id));
  }

  async function send(): Promise<void> {
    const relay = createOutboxRelay({ db: room.db, transport, service: 'inventory' });
    relay.start();
    const waiting = `SELECT 1 FROM outbox WHERE published_at IS NULL AND refused_reason IS NULL`;
    await eventually(async () => (await room.rows(waiting)).length === 0);
    await relay.stop();
  }

  it('leave, all of them, whatever they leave out', async () => {
    const ring = await room.register('RING');
    await room.register('BROOCH', 'SERIAL');
    const bolt = { sku: 'BOLT', title: 'Bolt', tracking: 'QUANTITY' as const, ...key() };
    expectDone(await room.itemChanges.create(room.caller, bolt));
    await receiveBoth();
    const line = { lineId: randomUUID(), stockItemId: ring.id, sku: 'RING', quantity: 3 };
    await room.apply(randomUUID(), [line]);
    await move();
    await count();
    const units = [{ serial: 'R1', locationId: room.places.HQ }];
    const conversions = createConversionService({ db: room.db });
    const converted = { stockItemId: ring.id, units, ...key() };
    expectDone(await conversions.toSerial(room.caller, converted));
    await room.write('UPDATE level SET committed = 1 WHERE stock_item_id = $1', [ring.id]);
    await recordCheck(room.db, { tenantId: room.tenantId, stockItemIds: [ring.id] });
    await publishChanges(room.db);
    const kinds = { levels: true, units: true, movements: true };
    await room.db.inTransaction(room.tenantId, (tx) => insertRepublish(tx, kinds, 'tester'));
    while ((await stepRepublish(room.db, 500)) !== null);
    await publishChanges(room.db);
    await evaluateLowStock(room.db);
    await send();
    const left = await room.rows(
      `SELECT type, count(*) - count(published_at) AS unpublished, min(refused_reason) AS refused FROM outbox
       GROUP BY type ORDER BY type`,
    );
    const types = [
      'inventory.ledger-difference-found',
      'inventory.low-stock-changed',
      'inventory.movement-recorded',
      'inventory.serial-unit-changed',
      'inventory.stock-item-changed',
      'inventory.stock-level-changed',
    ];
    expect(left).toEqual(types.map((type) => ({ type, unpublished: 0, refused: null })));
  });
});
