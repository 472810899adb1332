import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import type { Placed } from '../hold/hold.service.ts';

describe("a line's hold is resized", () => {
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

  type Line = { saleId: string; lineId: string; sku: string };
  const newLine = (sku: string): Line => ({ saleId: randomUUID(), lineId: randomUUID(), sku });
  const held = async (sku: string, quantity: number) => {
    const line = newLine(sku);
    expectDone(await room.holdLine(line, { sku, quantity, locationId: room.places.HQ }));
    return line;
  };
  const resize = (
    line: Line & { anyLocation?: boolean },
    quantity: number,
    lineVersion: number,
    isWritten: boolean,
  ) =>
    room.sales.resizeHold(room.caller, {
      ...line,
      ...{ quantity, lineVersion, isWritten, channel: 'WEB', subject: 'clerk', holdSeconds: 900 },
      locationId: room.places.HQ,
    });
  const grow = (line: Line & { anyLocation?: boolean }, quantity: number, lineVersion = 2) =>
    resize(line, quantity, lineVersion, false);
  const shrink = (line: Line, quantity: number, lineVersion = 2) =>
    resize(line, quantity, lineVersion, true);
  const placed = (answer: object) => (expectDone(answer) as Placed).placed!;
  const committed = async (sku: string) => (await room.level(sku)).committed;
  const liveOf = ({ lineId }: Line) =>
    room.rows<{ id: string; quantity: number; kind: string; unit: string | null }>(
      `SELECT id, quantity, kind, serial_unit_id AS unit FROM hold WHERE line_id = $1 AND status = 'LIVE' ORDER BY part`,
      [lineId],
    );

  it('grows and shrinks as one hold under one id, and repeating it changes nothing', async () => {
    await room.stocked('CHAIN', 10);
    const line = await held('CHAIN', 2);
    const [first] = await liveOf(line);
    for (const [change, quantity, is] of [
      [grow, 5, 5],
      [grow, 3, 5],
      [shrink, 3, 3],
      [shrink, 4, 3],
      [shrink, 1, 1],
    ] as const) {
      for (const answer of [await change(line, quantity), await change(line, quantity)])
        expect(placed(answer)).toMatchObject({ holdId: first!.id, quantity: is });
      expect(await liveOf(line)).toEqual([{ ...first, quantity: is }]);
      expect(await committed('CHAIN')).toBe(is);
    }
  });

  it('keeps what was held when: the past is not rewritten', async () => {
    const { id } = await room.stocked('CHAIN', 10);
    const line = await held('CHAIN', 2);
    const now = async () =>
      (await room.rows<{ at: Date }>('SELECT clock_timestamp() AS at'))[0]!.at;
    const instants = [await now()];
    for (const change of [() => grow(line, 6), () => shrink(line, 1)]) {
      expectDone(await change());
      instants.push(await now());
    }
    const heldAt = async (at: Date) =>
      (
        await room.rows<{ sum: number }>(
          'SELECT sum(quantity)::int AS sum FROM hold_live_at($1, $2, $3, $4)',
          [room.tenantId, id, room.places.HQ, at],
        )
      )[0]!.sum;
    expect(await Promise.all(instants.map(heldAt))).toEqual([2, 6, 1]);
  });

  it('refuses more than there is, says how many the line could have, and changes nothing', async () => {
    await room.stocked('CHAIN', 5);
    const line = await held('CHAIN', 2);
    await held('CHAIN', 1);
    const before = await room.footprint();
    expect(expectRefused(await grow(line, 5))).toMatchObject({
      __typename: 'InsufficientStock',
      ...{ sku: 'CHAIN', requested: 5, available: 4, locationCode: 'HQ' },
    });
    expect(await room.footprint()).toEqual(before);
    expect(placed(await grow(line, 4)).quantity).toBe(4);
  });

  it('a version that is older undoes nothing, whichever way it goes', async () => {
    await room.stocked('CHAIN', 10);
    const line = await held('CHAIN', 2);
    expectDone(await grow(line, 5, 7));
    for (const late of [await shrink(line, 1, 6), await grow(line, 9, 6)])
      expect(expectRefused(late).__typename).toBe('SaleHoldOutdated');
    expect(await committed('CHAIN')).toBe(5);
    // Of two in one version the one that was written is right.
    expect(placed(await shrink(line, 3, 7)).quantity).toBe(3);
  });

  it('a hold that has ended is placed anew under its line, if nobody has the stock by now', async () => {
    await room.stocked('CHAIN', 5);
    const line = await held('CHAIN', 2);
    await room.expire((await liveOf(line))[0]!.id);
    expect(expectRefused(await shrink(line, 1)).__typename).toBe('SaleHoldOutdated');
    expect(placed(await grow(line, 4))).toMatchObject({ quantity: 4, locationCode: 'HQ' });
    await room.expire((await liveOf(line))[0]!.id);
    await held('CHAIN', 3);
    expect(expectRefused(await grow(line, 3, 3))).toMatchObject({ requested: 3, available: 2 });
    expect(await liveOf(line)).toEqual([]);
  });

  it('grows where it is; placed anew it comes from wherever the line may take it', async () => {
    await room.stocked('CHAIN', 3);
    await room.receive({ sku: 'CHAIN', quantity: 5 }, 'GM');
    const line = { ...(await held('CHAIN', 2)), anyLocation: true };
    expect(expectRefused(await grow(line, 4))).toMatchObject({
      ...{ requested: 4, available: 3, availableInAll: 8, locationCode: 'HQ' },
      message: '4 of The CHAIN (CHAIN) asked for, 3 available at HQ, 8 in all locations.',
    });
    await room.expire((await liveOf(line))[0]!.id);
    expect(placed(await grow(line, 4))).toMatchObject({ quantity: 4, locationCode: 'GM' });
  });

  it('of the last pieces twenty growers and a rival get exactly as many as there are', async () => {
    await room.stocked('CHAIN', 27);
    const lines = await Promise.all(Array.from({ length: 20 }, () => held('CHAIN', 1)));
    const rivals = Array.from({ length: 8 }, () => () => room.hold({ sku: 'CHAIN' }));
    const growers = lines.map((line) => () => grow(line, 2));
    const answers = await Promise.all([...growers, ...rivals].map((ask) => ask()));
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(7);
    for (const refusal of answers.filter(isRefusal))
      expect(refusal.__typename).toBe('InsufficientStock');
    expect(await room.level('CHAIN')).toEqual({ onHand: 27, committed: 27, available: 0 });
  });

  it('a rival that asks all the time never gets what the line has', async () => {
    await room.stocked('CHAIN', 5);
    const line = await held('CHAIN', 4);
    expectDone(await room.hold({ sku: 'CHAIN' }));
    let isOver = false;
    const rival = async () => {
      const got: unknown[] = [];
      do {
        const answer = await room.hold({ sku: 'CHAIN' });
        if (!isRefusal(answer)) got.push(answer);
      } while (!isOver);
      return got;
    };
    const rivals = Promise.all([rival(), rival(), rival()]);
    for (let version = 2; version < 22; version += 1) {
      expectDone(await grow(line, 4, version));
      expectDone(await shrink(line, 4, version));
    }
    isOver = true;
    expect((await rivals).flat()).toEqual([]);
  });

  it('a claim takes what the line is of and frees what is held beyond it, also of the last', async () => {
    const { id: stockItemId } = await room.stocked('CHAIN', 5);
    const line = await held('CHAIN', 2);
    expectDone(await grow(line, 5));
    const { saleId, lineId, sku } = line;
    const lines = [{ lineId, stockItemId, sku, quantity: 3, locationId: room.places.HQ }];
    expectDone(await room.sales.claim(room.caller, { saleId, lines }));
    expect(await committed('CHAIN')).toBe(3);
    expect(expectRefused(await grow(line, 4, 3)).__typename).toBe('SaleClaimReleased');
    expect(expectRefused(await shrink(line, 1, 3)).__typename).toBe('SaleClaimReleased');
    expect(await room.apply(saleId)).toMatchObject({ outcome: 'APPLIED' });
    expect(await room.level('CHAIN')).toEqual({ onHand: 2, committed: 0, available: 2 });
  });

  it('what does not end by itself stays so', async () => {
    await room.stocked('CHAIN', 5);
    const { hold } = expectDone(
      await room.hold({ sku: 'CHAIN', quantity: 2, kind: 'HARD', purpose: 'LAY_BY' }),
    );
    const line = newLine('CHAIN');
    const terms = { channel: 'WEB', holdSeconds: 900, subject: 'tester', holdId: hold.id };
    expectDone(await room.sales.placeHold(room.caller, { ...line, ...terms, sku: null }));
    expect(placed(await grow(line, 3))).toMatchObject({ kind: 'HARD', expiresAt: null });
  });

  it('units that a person has chosen stay with the line as far as it reaches', async () => {
    await room.pieces('WATCH', 'W-1', 'W-2', 'W-3', 'W-4');
    const line = await held('WATCH', 3);
    const [whole] = await liveOf(line);
    const units = [{ serial: 'W-2' }, { serial: 'W-3' }];
    const chosen = { holdId: whole!.id, units, idempotencyKey: randomUUID() };
    expectDone(await room.allocations.allocate(room.caller, chosen));
    const sizes = async () => (await liveOf(line)).map(({ quantity, unit }) => [quantity, !!unit]);
    expectDone(await grow(line, 4));
    expect(await sizes()).toEqual([
      [2, false],
      [1, true],
      [1, true],
    ]);
    expectDone(await shrink(line, 2));
    expect(await sizes()).toEqual([
      [1, true],
      [1, true],
    ]);
    expectDone(await shrink(line, 1));
    expect(await sizes()).toEqual([[1, true]]);
    expectDone(await grow(line, 3));
    expect(await sizes()).toEqual([
      [1, true],
      [2, false],
    ]);
    const free = `SELECT serial FROM serial_unit WHERE status = 'AVAILABLE' ORDER BY serial`;
    expect(await room.rows(free)).toEqual([
      { serial: 'W-1' },
      { serial: 'W-3' },
      { serial: 'W-4' },
    ]);
  });

  it.each([
    ['none', { quantity: 0 }, 'quantity'],
    ['a version that is none', { lineVersion: 0 }, 'lineVersion'],
    ['a line that is none', { lineId: 'x' }, 'lineId'],
  ])('refuses %s', async (_, part, field) => {
    await room.stocked('CHAIN', 5);
    const line = await held('CHAIN', 2);
    const terms = { channel: 'WEB', holdSeconds: 900, subject: 'clerk' };
    const asked = { ...line, ...terms, quantity: 3, lineVersion: 2, isWritten: false, ...part };
    const refused = expectRefused(await room.sales.resizeHold(room.caller, asked));
    expect(refused).toMatchObject({ __typename: 'InvalidInput', field });
    expect(await committed('CHAIN')).toBe(2);
  });
});
