import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import type { Placed } from '../hold/hold.service.ts';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';

type Asked = {
  sku?: string;
  serial?: string;
  quantity?: number;
  locationId?: string;
  anyLocation?: boolean;
};

describe('a line from another location than its sale', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let HQ: string;
  let GM: string;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    ({ HQ, GM } = room.places);
  });
  afterAll(() => database.drop());

  const stocked = async (sku: string, atHq: number, atGm: number, backorderLimit = 0) => {
    const item = await room.register(sku, 'QUANTITY', backorderLimit);
    if (atHq > 0) await room.receive({ sku, quantity: atHq }, 'HQ');
    if (atGm > 0) await room.receive({ sku, quantity: atGm }, 'GM');
    return item;
  };
  const terms = (saleId: string) => ({
    ...{ saleId, channel: 'COUNTER', holdSeconds: 900, subject: 'clerk', locationId: HQ },
  });
  /** Lines of a basket at HQ. */
  const place = (saleId: string, lines: Asked[]) =>
    room.sales.placeHolds(room.caller, {
      ...terms(saleId),
      lines: lines.map((line) => ({ lineId: randomUUID(), ...line })),
    });
  const placesOf = async (lines: Asked[]) => {
    const { holds } = expectDone(await place(randomUUID(), lines)) as { holds: Placed[] };
    return holds.map(({ placed }) => placed!.locationCode);
  };
  const claim = (saleId: string, lines: (Asked & { sku: string; stockItemId?: string })[]) =>
    room.sales.claim(room.caller, {
      saleId,
      lines: lines.map((line) => ({ lineId: randomUUID(), quantity: 1, locationId: HQ, ...line })),
    });
  const claimedAt = async (lines: (Asked & { sku: string })[]) => {
    const claimed = expectDone(await claim(randomUUID(), lines)) as {
      lines: { locationCode: string }[];
    };
    return claimed.lines.map(({ locationCode }) => locationCode);
  };
  const counts = async (sku: string) =>
    Object.fromEntries(
      (
        await room.rows<{ code: string; on_hand: number; committed: number }>(
          `SELECT c.code, l.on_hand, l.committed FROM level l JOIN location c ON c.id = l.location_id
           JOIN stock_item i ON i.id = l.stock_item_id WHERE i.sku = $1`,
          [sku],
        )
      ).map((row) => [row.code, [row.on_hand, row.committed]]),
    );

  it('is held, claimed, sold and returned there; nothing of the sale’s location moves', async () => {
    const { id: stockItemId } = await stocked('RING', 3, 3);
    const saleId = randomUUID();
    const lineId = randomUUID();
    const lines = [{ lineId, sku: 'RING', quantity: 2, locationId: GM }];
    expectDone(await room.sales.placeHolds(room.caller, { ...terms(saleId), lines }));
    expect(await counts('RING')).toEqual({ HQ: [3, 0], GM: [3, 2] });
    expectDone(await claim(saleId, [{ ...lines[0]!, stockItemId }]));
    await room.apply(saleId);
    expect(await counts('RING')).toEqual({ HQ: [3, 0], GM: [1, 0] });
    const returned = { sku: 'RING', reason: 'RETURN' as const, referenceId: saleId };
    const giveBack = (quantity: number) =>
      room.adjustments.adjust(room.caller, {
        ...{ ...returned, locationId: GM, quantity, referenceKind: 'SALE' },
        idempotencyKey: randomUUID(),
      });
    expectRefused(await giveBack(3));
    expectDone(await giveBack(2));
    expect(await counts('RING')).toEqual({ HQ: [3, 0], GM: [3, 0] });
    await room.assertSums();
  });

  it('is free again where it was, when the line goes and when the sale is void', async () => {
    await stocked('RING', 3, 3);
    const saleId = randomUUID();
    const [gone, kept] = [randomUUID(), randomUUID()];
    const at = { sku: 'RING', locationId: GM };
    const lines = [gone, kept].map((lineId) => ({ lineId, ...at }));
    expectDone(await room.sales.placeHolds(room.caller, { ...terms(saleId), lines }));
    expectDone(await room.sales.releaseLine(room.caller, { saleId, lineId: gone }));
    expect(await counts('RING')).toEqual({ HQ: [3, 0], GM: [3, 1] });
    expectDone(await room.sales.release(room.caller, { saleId }));
    expect(await counts('RING')).toEqual({ HQ: [3, 0], GM: [3, 0] });
    await room.assertSums();
  });

  it('lines of one item from two locations stand side by side, in a basket and in a claim', async () => {
    await stocked('RING', 1, 1);
    const lines = [{ sku: 'RING' }, { sku: 'RING', locationId: GM }];
    expect(await placesOf(lines)).toEqual(['HQ', 'GM']);
    await stocked('CHAIN', 1, 1);
    expect(await claimedAt(lines.map((line) => ({ ...line, sku: 'CHAIN' })))).toEqual(['HQ', 'GM']);
    await room.assertSums();
  });

  it('a piece that is elsewhere says where; its own location gives it', async () => {
    await room.register('BROOCH', 'SERIAL');
    await room.receive({ sku: 'BROOCH', units: [{ serial: 'B-1' }] }, 'GM');
    const piece = { sku: 'BROOCH', serial: 'B-1' };
    const elsewhere = { code: 'UNIT_NOT_AVAILABLE', locationCode: 'GM' };
    const refused = expectRefused(await place(randomUUID(), [piece]));
    expect(refused['reasons']).toMatchObject([elsewhere]);
    expect(expectRefused(await claim(randomUUID(), [piece]))['reasons']).toMatchObject([elsewhere]);
    expect(await claimedAt([{ ...piece, locationId: GM }])).toEqual(['GM']);
  });

  it('a location of another tenant is none', async () => {
    await stocked('RING', 1, 1);
    const other = await openStockRoom(database);
    const before = await room.footprint();
    const refused = await place(randomUUID(), [{ sku: 'RING', locationId: other.places.GM }]);
    expect(expectRefused(refused)['reasons']).toMatchObject([
      { code: 'NOT_FOUND', message: expect.stringContaining(other.places.GM) as string },
    ]);
    expect(await room.footprint()).toEqual(before);
  });

  describe('where any location may serve', () => {
    const any = (sku: string, quantity = 1) => ({ sku, quantity, anyLocation: true });

    it.each([
      ['has enough', 2, 9, 2, 'HQ'],
      ['has too little for the whole line', 1, 2, 2, 'GM'],
      ['never had any', 0, 1, 1, 'GM'],
    ])('it is its own that %s', async (_name, atHq, atGm, quantity, expected) => {
      await stocked('RING', atHq, atGm);
      await stocked('CHAIN', atHq, atGm);
      expect(await placesOf([any('RING', quantity)])).toEqual([expected]);
      expect(await claimedAt([any('CHAIN', quantity)])).toEqual([expected]);
      await room.assertSums();
    });

    it('what is on hand elsewhere comes before what its own could only promise', async () => {
      await stocked('RING', 1, 2, 5);
      expect(await placesOf([any('RING', 2)])).toEqual(['GM']);
      await stocked('CHAIN', 1, 2, 5);
      expect(await claimedAt([any('CHAIN', 2)])).toEqual(['GM']);
      await stocked('CUFF', 0, 0, 5);
      expect(await placesOf([any('CUFF', 2)])).toEqual(['HQ']);
    });

    it('is never split: what no location has whole is short, with what there is in all', async () => {
      await stocked('RING', 2, 3);
      const short = { available: 3, availableInAll: 5, locationCode: 'GM' };
      const refused = expectRefused(await place(randomUUID(), [any('RING', 4)]));
      expect(refused['reasons']).toMatchObject([short]);
      const unclaimed = expectRefused(await claim(randomUUID(), [any('RING', 4)]));
      expect(unclaimed['reasons']).toMatchObject([short]);
      expect(await counts('RING')).toEqual({ HQ: [2, 0], GM: [3, 0] });
    });

    it('a named piece and a piece of any name come from where they are', async () => {
      await room.register('BROOCH', 'SERIAL');
      const units = ['B-1', 'B-2'].map((serial) => ({ serial }));
      await room.receive({ sku: 'BROOCH', units }, 'GM');
      expect(await placesOf([{ ...any('BROOCH'), serial: 'B-1' }])).toEqual(['GM']);
      expect(await claimedAt([any('BROOCH')])).toEqual(['GM']);
      await room.receive({ sku: 'BROOCH', units: [{ serial: 'B-3' }] }, 'GM');
      expect(await claimedAt([{ ...any('BROOCH'), serial: 'B-3' }])).toEqual(['GM']);
      await room.assertSums();
    });

    it('a claim whose hold has ended chooses again', async () => {
      const { id: stockItemId } = await stocked('RING', 1, 1);
      const saleId = randomUUID();
      const line = { lineId: randomUUID(), ...any('RING') };
      expectDone(await room.sales.placeHolds(room.caller, { ...terms(saleId), lines: [line] }));
      await room.write(`UPDATE hold SET expires_at = clock_timestamp() - interval '1 second'`);
      expectDone(
        await room.holdLine(
          { saleId: randomUUID(), lineId: randomUUID() },
          { sku: 'RING', locationId: HQ },
        ),
      );
      const claimed = expectDone(await claim(saleId, [{ ...line, stockItemId }]));
      expect(claimed).toMatchObject({ lines: [{ locationCode: 'GM' }] });
      expect(await counts('RING')).toEqual({ HQ: [1, 1], GM: [1, 1] });
      await room.assertSums();
    });

    it.each(['holds', 'claims'] as const)(
      'twenty %s for seven at two locations: seven',
      async (way) => {
        await stocked('RING', 3, 4);
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, n) => {
            const line = { ...any('RING'), locationId: n % 2 ? HQ : GM };
            return way === 'holds' ? place(randomUUID(), [line]) : claim(randomUUID(), [line]);
          }),
        );
        expect(
          answers.filter(
            (answer) => '__typename' in answer && String(answer.__typename).endsWith('Refused'),
          ),
        ).toHaveLength(13);
        expect(await counts('RING')).toEqual({ HQ: [3, 3], GM: [4, 4] });
        await room.assertSums();
      },
    );
  });
});
