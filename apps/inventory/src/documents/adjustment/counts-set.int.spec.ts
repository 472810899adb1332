import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import { expectDone, openStockRoom, openTestDatabase } from '../../../test/stock-room.ts';

describe('counts of an imported file', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  it('open what was never counted, keep or correct what was, and say so of each line', async () => {
    const room = await openStockRoom(database);
    await room.stocked('RING', 5);
    await room.register('CHAIN');
    await room.register('REPAIR', 'NONE');
    const lines = [
      { sku: 'ring', place: 'HQ', onHand: 2 },
      { sku: 'CHAIN', place: 'gm', onHand: 4 },
      { sku: 'CHAIN', place: 'GM', onHand: 6 },
      { sku: 'REPAIR', place: 'HQ', onHand: 1 },
      { sku: 'NOBODY', place: 'HQ', onHand: 1 },
      { sku: 'RING', place: 'Mars', onHand: 1 },
    ];
    const productImportId = randomUUID();
    const set = async (isOverwriting: boolean, idempotencyKey: string = randomUUID()) => {
      const input = { idempotencyKey, productImportId, isOverwriting, lines };
      const { lines: answer } = expectDone(await room.countsSet.set(room.caller, input));
      return answer.map(({ outcome, before }) => `${outcome} ${before}`);
    };
    const { caller } = room;
    const told = await room.countsSet.preview(caller, { isOverwriting: true, lines });
    expect(await room.rows('SELECT count(*)::integer AS levels FROM level')).toEqual([
      { levels: 1 },
    ]);
    const refused = ['NOT_BY_QUANTITY 0', 'UNKNOWN_SKU 0', 'UNKNOWN_LOCATION 0'];
    expect(await set(false)).toEqual(['KEPT 5', 'SET 0', 'KEPT 4', ...refused]);
    const key = randomUUID();
    // A preview knew nothing of the CHAIN that was opened since.
    expect(told.map(({ outcome, before }) => `${outcome} ${before}`)).toEqual([
      'SET 5',
      'SET 0',
      'SET 4',
      ...refused,
    ]);
    expect(await set(true, key)).toEqual(['SET 5', 'SET 4', 'SET 4', ...refused]);
    expect(await set(true, key)).toEqual(['SET 5', 'SET 4', 'SET 4', ...refused]);
    const ledger = await room.rows(
      `SELECT i.sku, m.quantity, m.reason, m.reference_kind AS kind, m.reference_id AS id
       FROM movement m JOIN stock_item i ON i.id = m.stock_item_id ORDER BY m.position OFFSET 1`,
    );
    const reference = { kind: 'IMPORT', id: productImportId };
    expect(ledger).toEqual([
      { sku: 'CHAIN', quantity: 4, reason: 'OPENING', ...reference },
      { sku: 'RING', quantity: -3, reason: 'COUNT_CORRECTION', ...reference },
      { sku: 'CHAIN', quantity: 2, reason: 'COUNT_CORRECTION', ...reference },
    ]);
  });

  it('are not set below what is promised', async () => {
    const room = await openStockRoom(database);
    await room.stocked('RING', 5);
    expectDone(await room.hold({ sku: 'RING', quantity: 3 }));
    const lines = [{ sku: 'RING', place: 'HQ', onHand: 2 }];
    const input = { idempotencyKey: randomUUID(), productImportId: randomUUID(), lines };
    const answer = await room.countsSet.set(room.caller, { ...input, isOverwriting: true });
    expect(answer).toMatchObject({ lines: [{ outcome: 'HELD', before: 5 }] });
  });
});
