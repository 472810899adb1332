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
import type { Placed } from '../hold/hold.service.ts';
import type { SaleHoldLine, SaleHoldTerms } from './sale-hold.target.ts';

const secret = 'made-in-a-browser';

describe('a hold that becomes a line of a sale', () => {
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

  type Line = Partial<SaleHoldLine & SaleHoldTerms> & { holdId: string };
  /** The clerk is nobody of those who hold. */
  const take = (line: Line) =>
    room.sales.placeHold(room.caller, {
      saleId: randomUUID(),
      lineId: randomUUID(),
      channel: 'WEB',
      holdSeconds: 900,
      subject: 'clerk',
      ...line,
    });
  const heldPiece = async (more: object = {}) => {
    await room.pieces('RING', 'R-1');
    return expectDone(await room.hold({ sku: 'RING', secret, ...more })).hold.id;
  };
  const rowOf = async (holdId: string) =>
    (
      await room.rows(
        `SELECT status, kind, purpose, subject, reference_kind AS "referenceKind", reference_id AS "referenceId",
           line_id AS "lineId", expires_at AS "expiresAt" FROM hold WHERE id = $1`,
        [holdId],
      )
    )[0]!;

  it('is the same row, the same units and the same count; what it was is kept', async () => {
    const holdId = await heldPiece({ serial: 'R-1', holdSeconds: 60, channel: 'SHOP' });
    const before = await room.level('RING');
    const line = { saleId: randomUUID(), lineId: randomUUID() };
    const { item, placed } = (await take({ ...line, holdId, holdSecret: secret })) as Placed;
    expect(item).toMatchObject({ sku: 'RING' });
    expect(placed).toMatchObject({ holdId, quantity: 1, serial: 'R-1' });
    expect(Date.parse(placed!.expiresAt!)).toBeGreaterThan(Date.now() + 600_000);
    expect(await room.level('RING')).toEqual(before);
    const { saleId, lineId } = line;
    expect(await rowOf(holdId)).toMatchObject({
      status: 'LIVE',
      purpose: 'SALE',
      subject: 'clerk',
      referenceId: saleId,
      lineId,
    });
    expect(await room.rows('SELECT ground, subject, purpose, taken_by FROM hold_takeover')).toEqual(
      [{ ground: 'SECRET', subject: 'tester', purpose: 'BASKET', taken_by: 'clerk' }],
    );
    expect(await room.rows('SELECT secret_hash FROM hold')).not.toContainEqual({
      secret_hash: secret,
    });
  });

  it('a rival that asks all the time never gets the piece, twenty times of twenty', async () => {
    for (let round = 0; round < 20; round += 1) {
      const serial = `ONE-${round}`;
      await room.pieces(serial, serial);
      const { id: holdId } = expectDone(await room.hold({ sku: serial, secret })).hold;
      let isTaken = false;
      const rival = async () => {
        const got: unknown[] = [];
        do {
          const answer = await room.hold({ sku: serial });
          if (!isRefusal(answer)) got.push(answer);
        } while (!isTaken);
        return got;
      };
      const rivals = Promise.all([rival(), rival(), rival()]);
      expectDone(await take({ holdId, holdSecret: secret }));
      isTaken = true;
      expect((await rivals).flat()).toEqual([]);
    }
  });

  it('of many takers at once one wins, and the others hear why', async () => {
    const holdId = await heldPiece();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => take({ holdId, holdSecret: secret })),
    );
    const refused = answers.filter(isRefusal);
    expect(refused).toHaveLength(11);
    for (const refusal of refused)
      expect(refusal).toMatchObject({ __typename: 'HoldNotTaken', reason: 'OF_A_SALE', holdId });
  });

  it('asked again for the same line it is the same hold; the line takes no other', async () => {
    const holdId = await heldPiece();
    const line = { saleId: randomUUID(), lineId: randomUUID(), holdSecret: secret };
    const twice = await Promise.all([take({ ...line, holdId }), take({ ...line, holdId })]);
    for (const answer of twice) expect((answer as Placed).placed!.holdId).toBe(holdId);
    await room.stocked('CHAIN', 2);
    const other = expectDone(await room.hold({ sku: 'CHAIN', secret })).hold.id;
    expect(expectRefused(await take({ ...line, holdId: other })).__typename).toBe(
      'IdempotencyKeyReused',
    );
  });

  it.each([
    ['its maker', { subject: 'tester' }, undefined],
    ['a stranger', {}, 'NOT_YOURS'],
    ['a stranger with another secret', { holdSecret: 'guessed-by-a-thief' }, 'NOT_YOURS'],
    ['a stranger with a reason and no scope for it', { holdReason: 'at the till' }, 'NOT_YOURS'],
    ['a member of staff without a reason', { mayTakeAnyHold: true }, 'NOT_YOURS'],
    ['one with a reason', { mayTakeAnyHold: true, holdReason: 'at the till' }, undefined],
  ])('%s: %j', async (_, how, reason) => {
    const holdId = await heldPiece();
    const before = await room.footprint();
    const answer = await take({ holdId, ...how });
    if (!reason) return void expectDone(answer);
    expect(expectRefused(answer)).toMatchObject({ __typename: 'HoldNotTaken', reason });
    expect(await room.footprint()).toEqual(before);
  });

  it('a hold that has ended stays ended', async () => {
    const holdId = await heldPiece();
    await room.expire(holdId);
    const refused = expectRefused(await take({ holdId, holdSecret: secret }));
    expect(refused).toMatchObject({ __typename: 'HoldNotTaken', reason: 'NOT_LIVE' });
    expect(expectRefused(await take({ holdId: randomUUID() })).__typename).toBe('NotFound');
  });

  it('what keeps a piece in the house is not sold, and a line takes the whole hold', async () => {
    const holdId = await heldPiece({ purpose: 'REPAIR' });
    const refused = expectRefused(await take({ holdId, holdSecret: secret }));
    expect(refused).toMatchObject({ reason: 'OF_A_DOCUMENT' });
    await room.stocked('CHAIN', 5);
    const three = expectDone(await room.hold({ sku: 'CHAIN', quantity: 3, secret })).hold.id;
    const part = await take({ holdId: three, holdSecret: secret, quantity: 2 });
    expect(expectRefused(part)).toMatchObject({ __typename: 'InvalidInput', field: 'quantity' });
    const whole = (await take({ holdId: three, holdSecret: secret })) as Placed;
    expect(whole.placed!.quantity).toBe(3);
  });

  it('a batch becomes lines beside others in one call: all, or every hold stays what it was', async () => {
    await room.stocked('CHAIN', 3);
    await heldPiece();
    const made = expectDone(
      await room.holdBatches.create(room.caller, {
        lines: [{ sku: 'CHAIN', quantity: 2 }],
        ...{ kind: 'SOFT', holdSeconds: 60, purpose: 'BASKET', secret },
        idempotencyKey: randomUUID(),
      }),
    );
    const [holdId] = made.holdIds as [string];
    const place = (more: SaleHoldLine[]) =>
      room.sales.placeHolds(room.caller, {
        ...{ saleId: randomUUID(), channel: 'WEB', holdSeconds: 900, subject: 'clerk' },
        lines: [{ lineId: randomUUID(), holdId, holdSecret: secret }, ...more],
      });
    const before = await rowOf(holdId);
    const refused = expectRefused(
      await place([{ lineId: randomUUID(), sku: 'CHAIN', quantity: 2 }]),
    );
    expect(refused).toMatchObject({ reasons: [{ code: 'INSUFFICIENT_STOCK', available: 1 }] });
    expect(await rowOf(holdId)).toEqual(before);
    const placed = await place([{ lineId: randomUUID(), sku: 'CHAIN' }]);
    expect((placed as { holds: Placed[] }).holds.map(({ placed: one }) => one!.quantity)).toEqual([
      2, 1,
    ]);
    expect(await room.level('CHAIN')).toEqual({ onHand: 3, committed: 3, available: 0 });
  });

  it('a line that did not come about gives it back as it was; one that is removed frees it', async () => {
    const holdId = await heldPiece();
    const before = await rowOf(holdId);
    const line = { saleId: randomUUID(), lineId: randomUUID() };
    for (const givesBack of [true, false]) {
      expectDone(await take({ ...line, holdId, holdSecret: secret }));
      expectDone(await room.sales.releaseLine(room.caller, { ...line, givesBack }));
      if (givesBack) expect(await rowOf(holdId)).toEqual(before);
    }
    expect((await rowOf(holdId)).status).toBe('RELEASED');
    expect(await room.level('RING')).toMatchObject({ available: 1 });
  });

  it('is sold by its claim like any line, and its maker can no longer let it go', async () => {
    const holdId = await heldPiece({ kind: 'HARD', purpose: 'LAY_BY' });
    const saleId = randomUUID();
    const lineId = randomUUID();
    const { item } = (await take({ saleId, lineId, holdId, holdSecret: secret })) as Placed;
    expect(await rowOf(holdId)).toMatchObject({ kind: 'HARD', expiresAt: null });
    const release = { holdId, idempotencyKey: randomUUID() };
    const ofStaff = expectRefused(await room.holds.release(room.caller, release));
    expect(ofStaff.__typename).toBe('HoldOfSale');
    const shop = { ...callerOf(room.tenantId, ['shop:hold']), subject: 'tester' };
    expect(expectRefused(await room.holds.release(shop, release)).__typename).toBe('NotFound');
    const { stockItemId, sku } = item;
    const claimed = await room.sales.claim(room.caller, {
      saleId,
      lines: [{ lineId, stockItemId, sku, quantity: 1 }],
    });
    expect(expectDone(claimed).__typename).toBe('SaleClaimed');
    expect(await room.apply(saleId)).toMatchObject({ outcome: 'APPLIED' });
    expect(await room.level('RING')).toEqual({ onHand: 0, committed: 0, available: 0 });
  });

  it('letting go, more time and taking at once: one order, and a line never loses its stock', async () => {
    await room.stocked('CHAIN', 30);
    for (let round = 0; round < 12; round += 1) {
      const { id: holdId } = expectDone(await room.hold({ sku: 'CHAIN', secret })).hold;
      const key = () => ({ holdId, idempotencyKey: randomUUID() });
      const [taken] = await Promise.all([
        take({ holdId, holdSecret: secret }),
        room.holds.release(room.caller, key()),
        room.holdChanges.extend(room.caller, { ...key(), holdSeconds: 60 }),
      ]);
      expect((await rowOf(holdId)).status).toBe(isRefusal(taken) ? 'RELEASED' : 'LIVE');
    }
  });
});
