import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';

describe('what is short is told with its place and with what there is elsewhere', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    await room.register('RING');
    await room.receive({ sku: 'RING', quantity: 1 }, 'HQ');
    await room.receive({ sku: 'RING', quantity: 3 }, 'GM');
  });
  afterAll(() => database.drop());

  const line = () => ({ saleId: randomUUID(), lineId: randomUUID() });
  const fourAtHq = { requested: 2, available: 1, availableInAll: 4, locationCode: 'HQ' };
  const message = '2 of The RING (RING) asked for, 1 available at HQ, 4 in all locations.';

  it('to a line, and to each of several', async () => {
    const locationId = room.places.HQ;
    const asked = { sku: 'RING', quantity: 2, locationId };
    const one = expectRefused(await room.holdLine(line(), asked));
    expect(one).toMatchObject({ code: 'INSUFFICIENT_STOCK', message, ...fourAtHq });
    const lines = [1, 2].map((quantity) => ({ sku: 'RING', lineId: randomUUID(), quantity }));
    const terms = { channel: 'WEB', holdSeconds: 900, subject: 'clerk', locationId };
    const saleId = randomUUID();
    const several = expectRefused(
      await room.sales.placeHolds(room.caller, { saleId, lines, ...terms }),
    );
    // The first line would have taken the one of HQ.
    expect(several['reasons']).toMatchObject([
      { requested: 2, available: 0, availableInAll: 3, locationCode: 'HQ' },
    ]);
  });

  it('to a claim, which counts what its other lines would take', async () => {
    const [{ id: stockItemId }] = (await room.rows(`SELECT id FROM stock_item`)) as [
      { id: string },
    ];
    const claimed = (quantity: number) => ({
      ...{ lineId: randomUUID(), stockItemId, sku: 'RING', quantity },
      locationId: room.places.HQ,
    });
    const claim = (...lines: ReturnType<typeof claimed>[]) =>
      room.sales.claim(room.caller, { saleId: randomUUID(), lines });
    expect(expectRefused(await claim(claimed(2)))['reasons']).toMatchObject([
      { code: 'INSUFFICIENT_STOCK', message, ...fourAtHq },
    ]);
    const second = expectRefused(await claim(claimed(1), claimed(2)))['reasons'];
    expect(second).toMatchObject([{ available: 0, availableInAll: 3, locationCode: 'HQ' }]);
  });

  it('to a basket without a place with the one that has most, to a web shop without a place', async () => {
    const asked = { sku: 'RING', quantity: 4 };
    expect(expectRefused(await room.holdLine(line(), asked))).toMatchObject({
      message: '4 of The RING (RING) asked for, 3 available at GM, 4 in all locations.',
      ...{ available: 3, availableInAll: 4, locationCode: 'GM' },
    });
    expect(expectRefused(await room.hold(asked))).toMatchObject({
      message: '4 of The RING (RING) asked for, 3 available at one location, 4 in all locations.',
      locationCode: null,
    });
    expectDone(await room.hold({ sku: 'RING', quantity: 1, locationId: room.places.HQ }));
    expect(expectRefused(await room.hold(asked))).toMatchObject({
      message: '4 of The RING (RING) asked for, 3 available.',
      availableInAll: 3,
    });
  });

  it('to a place where it never was', async () => {
    const locationId = (await room.locations.create(room.caller, {
      ...{ code: 'HM', name: 'Home', idempotencyKey: 'HM' },
    })) as unknown as { location: { id: string } };
    const asked = { sku: 'RING', locationId: locationId.location.id };
    expect(expectRefused(await room.holdLine(line(), asked))).toMatchObject({
      message: '1 of The RING (RING) asked for, 0 available at HM, 4 in all locations.',
      ...{ available: 0, availableInAll: 4, locationCode: 'HM' },
    });
  });
});
