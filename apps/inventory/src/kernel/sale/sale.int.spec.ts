import { randomUUID } from 'node:crypto';
import { createDatabase } from '@onecount/db';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import type { Placed } from '../hold/hold.service.ts';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';

type Line = {
  lineId: string;
  stockItemId: string;
  sku: string;
  quantity: number;
  serialUnitId?: string;
  locationId?: string;
};

type NamedLine = Omit<Line, 'stockItemId'> & { serial?: string };

describe('the sale protocol in inventory', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  const claim = (saleId: string, lines: (Line | NamedLine)[]) =>
    room.sales.claim(room.caller, { saleId, channel: 'COUNTER', lines });
  const release = (saleId: string) => room.sales.release(room.caller, { saleId });
  const lineOf = (item: { id: string; sku: string }, more: Partial<Line> = {}): Line => ({
    lineId: randomUUID(),
    stockItemId: item.id,
    sku: item.sku,
    quantity: 1,
    ...more,
  });
  async function basket(saleId: string, sku: string, more: object = {}) {
    const lineId = randomUUID();
    const result = await room.holdLine({ saleId, lineId }, { sku, ...more });
    const { item, placed } = expectDone(result) as Placed;
    const line = lineOf({ id: item.stockItemId, sku }, { lineId });
    return { ...line, quantity: placed?.quantity ?? 1, hold: placed };
  }

  describe('basket', () => {
    it('a line holds once, however often it is asked; other input for it is refused', async () => {
      await room.stocked('RING', 5);
      const line = { saleId: randomUUID(), lineId: randomUUID() };
      const asked = () => room.holdLine(line, { sku: 'RING', quantity: 2 });
      const [first, second] = await Promise.all([asked(), asked()]);
      expect((first as Placed).placed!.holdId).toBe((second as Placed).placed!.holdId);
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 2, available: 3 });
      const other = await room.holdLine(line, { sku: 'RING', quantity: 3 });
      expect(expectRefused(other).__typename).toBe('IdempotencyKeyReused');
      await room.stocked('CHAIN', 5);
      const otherSku = await room.holdLine(line, { sku: 'CHAIN', quantity: 2 });
      expect(expectRefused(otherSku).__typename).toBe('IdempotencyKeyReused');
      expect((await room.level('CHAIN')).committed).toBe(0);
    });

    it('finds a piece by SKU, SKU and serial, serial alone, stock number, tag and barcode', async () => {
      await room.register('BROOCH', 'SERIAL');
      const units = [
        { serial: 'S1', stockNumber: 'N-1', codes: ['TAG-1'] },
        { serial: 'S2', stockNumber: 'N-2' },
      ];
      const [first] = await room.receive({ sku: 'BROOCH', units });
      const named = [
        { sku: 'BROOCH', serial: 'S1' },
        { sku: 'BROOCH', serial: 'N-1' },
        { serial: 'S1' },
        { serial: 'N-1' },
        { code: 'TAG-1' },
        { code: 'N-1' },
        { code: 'S1' },
      ];
      for (const piece of named) {
        const line = { saleId: randomUUID(), lineId: randomUUID() };
        const { placed } = expectDone(await room.holdLine(line, piece)) as Placed;
        expect(placed).toMatchObject({ serialUnitId: first, serial: 'S1', stockNumber: 'N-1' });
        expectDone(await room.sales.releaseLine(room.caller, line));
      }
      const any = await room.holdLine(
        { saleId: randomUUID(), lineId: randomUUID() },
        { code: 'BROOCH' },
      );
      expect((any as Placed).placed!.serialUnitId).toBeNull();
    });

    it('asks for the SKU when two items share a serial, and refuses codes that stand for nothing', async () => {
      await room.pieces('BROOCH', 'S1');
      await room.pieces('WATCH', 'S1');
      const codeOf = async (piece: object) =>
        expectRefused(await room.holdLine({ saleId: randomUUID(), lineId: randomUUID() }, piece))
          .code;
      expect(await codeOf({ serial: 'S1' })).toBe('INVALID_INPUT');
      expect(await codeOf({ code: 'NOTHING' })).toBe('NOT_FOUND');
      expect(await codeOf({})).toBe('INVALID_INPUT');
      expect(await codeOf({ sku: 'BROOCH', code: 'S1' })).toBe('INVALID_INPUT');
    });

    it('needs no hold for an untracked item', async () => {
      await room.register('ENGRAVING', 'NONE');
      const line = { saleId: randomUUID(), lineId: randomUUID() };
      const result = expectDone(await room.holdLine(line, { sku: 'ENGRAVING' })) as Placed;
      expect(result).toMatchObject({ item: { tracking: 'NONE' }, placed: null });
    });

    it('renews what is live, never shortens, and leaves out what has expired', async () => {
      await room.stocked('RING', 5);
      const saleId = randomUUID();
      const kept = await basket(saleId, 'RING');
      const lost = await basket(saleId, 'RING');
      await room.expire(lost.hold!.holdId);
      const renew = (holdSeconds: number) =>
        room.sales.renewHolds(room.caller, { saleId, holdSeconds });
      const [longer] = await renew(3_600);
      expect(longer).toMatchObject({ lineId: kept.lineId });
      expect(Date.parse(longer!.expiresAt)).toBeGreaterThan(Date.parse(kept.hold!.expiresAt!));
      expect(await renew(1)).toEqual([longer]);
      expect((await room.level('RING')).committed).toBe(1);
    });
  });

  describe('claim', () => {
    it('turns the basket’s holds into hard ones; available does not move, and a twin gets the same answer', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1');
      await room.stocked('RING', 5);
      const saleId = randomUUID();
      const lines = [
        await basket(saleId, 'BROOCH', { serial: 'S1' }),
        await basket(saleId, 'RING', { quantity: 2 }),
      ];
      const [first, twin] = await Promise.all([claim(saleId, lines), claim(saleId, lines)]);
      expect(twin).toEqual(first);
      expect(await claim(saleId, lines)).toEqual(first);
      expect(expectDone(first).lines[0]).toEqual({
        lineId: lines[0]!.lineId,
        stockItemId: item.id,
        sku: 'BROOCH',
        locationId: room.places.HQ,
        locationCode: 'HQ',
        quantity: 1,
        units: [{ serialUnitId: unitIds[0], serial: 'S1', stockNumber: null }],
      });
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 1, available: 0 });
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 2, available: 3 });
      const holds = await room.rows('SELECT kind, status, expires_at FROM hold');
      expect(holds).toEqual([
        { kind: 'HARD', status: 'LIVE', expires_at: null },
        { kind: 'HARD', status: 'LIVE', expires_at: null },
      ]);
    });

    it('40 sales without holds for one piece: one claims it', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1');
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          claim(randomUUID(), [lineOf(item, index % 2 ? { serialUnitId: unitIds[0] } : {})]),
        ),
      );
      expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
      const refusals = results.flatMap((result) => (isRefusal(result) ? result : []));
      expect(refusals).toHaveLength(39);
      for (const refusal of refusals) {
        expect(refusal.__typename).toBe('SaleClaimRefused');
        expect(refusal.message).toContain('The BROOCH (BROOCH)');
      }
      await room.assertSums();
    });

    it('all lines or none, with a reason per line, and nothing written', async () => {
      const { item: brooch, unitIds } = await room.pieces('BROOCH', 'S1');
      const ring = await room.stocked('RING', 3);
      expectDone(await room.hold({ sku: 'BROOCH', serial: 'S1', kind: 'HARD' }));
      const lines = [
        lineOf(ring, { quantity: 2 }),
        lineOf(ring, { quantity: 2 }),
        lineOf(brooch, { serialUnitId: unitIds[0] }),
        lineOf({ id: randomUUID(), sku: 'GHOST' }),
      ];
      const before = await room.footprint();
      const refusal = expectRefused(await claim(randomUUID(), lines));
      const reasons = refusal['reasons'] as { lineId: string; code: string; available: number }[];
      expect(
        new Map(reasons.map((reason) => [reason.lineId, [reason.code, reason.available]])),
      ).toEqual(
        new Map([
          [lines[1]!.lineId, ['INSUFFICIENT_STOCK', 1]],
          [lines[2]!.lineId, ['UNIT_NOT_AVAILABLE', 0]],
          [lines[3]!.lineId, ['NOT_FOUND', 0]],
        ]),
      );
      expect(await room.footprint()).toEqual(before);
    });

    it('a text that cannot be stored is refused as bad input', async () => {
      const ring = await room.stocked('RING', 1);
      const before = await room.footprint();
      const saleId = randomUUID();
      const lines = [lineOf(ring)];
      const refused = [
        await room.sales.claim(room.caller, { saleId, channel: 'a\0b', lines }),
        await claim(saleId, [lineOf(ring, { sku: 'a\0b' })]),
        await room.sales.placeHold(room.caller, {
          ...{ saleId, lineId: randomUUID(), sku: 'RING', quantity: 1, holdSeconds: 900 },
          ...{ channel: 'COUNTER', subject: 'a\0b' },
        }),
      ].map((answer) => expectRefused(answer));
      expect(refused.map((refusal) => [refusal.code, refusal['field']])).toEqual([
        ['INVALID_INPUT', 'channel'],
        ['INVALID_INPUT', 'lines.0.sku'],
        ['INVALID_INPUT', 'subject'],
      ]);
      expect(await room.footprint()).toEqual(before);
    });

    it('claims anew when the basket’s hold has expired, unless somebody else was faster', async () => {
      await room.pieces('BROOCH', 'S1');
      const [mine, other] = [randomUUID(), randomUUID()];
      const line = await basket(mine, 'BROOCH', { serial: 'S1' });
      await room.expire(line.hold!.holdId);
      const theirs = await basket(other, 'BROOCH', { serial: 'S1' });
      expect(expectRefused(await claim(mine, [line])).code).toBe('SALE_CLAIM_REFUSED');
      expectDone(await release(other));
      expectDone(await claim(mine, [line]));
      expect(expectRefused(await claim(other, [theirs])).__typename).toBe('SaleClaimReleased');
      await room.assertSums();
    });

    it('gives a generic line of a serial item the oldest free units, never one that another line names', async () => {
      const { item, unitIds } = await room.pieces('PHONE', 'S1', 'S2', 'S3', 'S4');
      expectDone(await room.hold({ sku: 'PHONE', serial: 'S2' }));
      const saleId = randomUUID();
      const generic = await basket(saleId, 'PHONE', { quantity: 2 });
      const named = lineOf(item, { serialUnitId: unitIds[0] });
      const { lines } = expectDone(await claim(saleId, [generic, named]));
      expect(lines.map(({ units }) => units.map(({ serial }) => serial))).toEqual([
        ['S3', 'S4'],
        ['S1'],
      ]);
      expect(await room.level('PHONE')).toEqual({ onHand: 4, committed: 4, available: 0 });
      await room.assertSums();
    });

    it('frees holds of lines that the sale no longer has, and follows a changed quantity', async () => {
      await room.stocked('RING', 5);
      const saleId = randomUUID();
      await basket(saleId, 'RING', { quantity: 2 });
      const changed = await basket(saleId, 'RING', { quantity: 2 });
      expectDone(await claim(saleId, [{ ...changed, quantity: 3 }]));
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 3, available: 2 });
      await room.assertSums();
    });
  });

  describe('lines of a basket together', () => {
    const place = (saleId: string, lines: { lineId: string; [piece: string]: unknown }[]) =>
      room.sales.placeHolds(room.caller, {
        ...{ saleId, channel: 'COUNTER', holdSeconds: 900, subject: 'clerk' },
        lines: lines.map((line) => ({ quantity: 1, ...line })),
      });
    const holdsOf = (result: unknown) => expectDone(result as { holds: Placed[] }).holds;

    it('holds all of them by any name, in the order of the lines, and the same again for the same lines', async () => {
      await room.stocked('RING', 5);
      const { unitIds } = await room.pieces('BROOCH', 'S1', 'S2');
      await room.register('ENGRAVING', 'NONE');
      const saleId = randomUUID();
      const lines = [
        { sku: 'RING', quantity: 2 },
        { serial: 'S2' },
        { sku: 'ENGRAVING' },
        { code: 'RING' },
        { sku: 'BROOCH' },
      ].map((line) => ({ ...line, lineId: randomUUID() }));
      const holds = holdsOf(await place(saleId, lines));
      expect(holds.map(({ item, placed }) => [item.sku, placed?.quantity ?? null])).toEqual([
        ['RING', 2],
        ['BROOCH', 1],
        ['ENGRAVING', null],
        ['RING', 1],
        ['BROOCH', 1],
      ]);
      expect(holds[1]!.placed).toMatchObject({ serialUnitId: unitIds[1], serial: 'S2' });
      expect((await room.level('RING')).committed).toBe(3);
      const again = holdsOf(await place(saleId, lines));
      expect(again.map(({ placed }) => placed?.holdId)).toEqual(
        holds.map(({ placed }) => placed?.holdId),
      );
      expect((await room.level('RING')).committed).toBe(3);
      const other = await place(saleId, [{ ...lines[0]!, quantity: 1 }, lines[1]!]);
      expect(expectRefused(other).__typename).toBe('IdempotencyKeyReused');
      await room.assertSums();
    });

    it('all or none: every line that is refused says why, and nothing is held', async () => {
      await room.stocked('RING', 5);
      await room.stocked('CHAIN', 1);
      await room.pieces('BROOCH', 'S1');
      await room.holdLine({ saleId: randomUUID(), lineId: randomUUID() }, { serial: 'S1' });
      const lines = [
        { sku: 'RING', quantity: 2 },
        { sku: 'CHAIN', quantity: 2 },
        { sku: 'BROOCH', serial: 'S1' },
        { sku: 'NOTHING' },
      ].map((line) => ({ ...line, lineId: randomUUID() }));
      const refused = expectRefused(await place(randomUUID(), lines));
      expect(refused.__typename).toBe('SaleHoldsRefused');
      expect(refused['reasons']).toMatchObject([
        { lineId: lines[1]!.lineId, sku: 'CHAIN', code: 'INSUFFICIENT_STOCK', available: 1 },
        { lineId: lines[2]!.lineId, sku: 'BROOCH', code: 'UNIT_NOT_AVAILABLE', available: null },
        { lineId: lines[3]!.lineId, sku: 'NOTHING', code: 'NOT_FOUND', requested: 1 },
      ]);
      expect((await room.level('RING')).committed).toBe(0);
      const unknown = await place(randomUUID(), [lines[0]!, { code: 'X', lineId: randomUUID() }]);
      expect(expectRefused(unknown)['reasons']).toMatchObject([{ sku: null, code: 'NOT_FOUND' }]);
      const alone = await place(randomUUID(), [lines[1]!]);
      expect(expectRefused(alone)['reasons']).toMatchObject([{ sku: 'CHAIN', requested: 2 }]);
      await room.assertSums();
    });

    it('finds the fence of a sale that has ended, and takes no bad input', async () => {
      await room.stocked('RING', 5);
      const saleId = randomUUID();
      expectDone(await release(saleId));
      const lines = [1, 2].map(() => ({ sku: 'RING', lineId: randomUUID() }));
      const late = expectRefused(await place(saleId, lines));
      expect(late.__typename).toBe('SaleClaimReleased');
      const fieldOf = async (bad: typeof lines) =>
        expectRefused(await place(randomUUID(), bad))['field'];
      expect(await fieldOf([])).toBe('lines');
      expect(await fieldOf([lines[0]!, lines[0]!])).toBe('lines');
      expect(await fieldOf([lines[0]!, { sku: '', lineId: randomUUID() }])).toBe('lines.1.sku');
      expect((await room.level('RING')).committed).toBe(0);
    });

    it('pairs of baskets over the same pieces in opposite order never wait for each other in a circle', async () => {
      await room.stocked('RING', 40);
      await room.stocked('CHAIN', 40);
      const skus = ['RING', 'CHAIN'];
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, index) => {
          const named = index % 2 ? skus : skus.toReversed();
          const lines = named.map((sku) => ({ sku, lineId: randomUUID() }));
          return place(randomUUID(), lines);
        }),
      );
      expect(results.filter((result) => !isRefusal(result))).toHaveLength(40);
      expect((await room.level('RING')).available).toBe(0);
      await room.assertSums();
    });
  });

  describe('a claim by names, without a basket', () => {
    const named = (sku: string, more: Partial<NamedLine> = {}): NamedLine => ({
      ...{ lineId: randomUUID(), sku, quantity: 1 },
      ...more,
    });
    const linesOf = (result: unknown) =>
      expectDone(result as { lines: { stockItemId: string; units: object[] }[] }).lines;

    it('finds the item by SKU and the unit by serial or stock number; generic ones are allocated', async () => {
      const ring = await room.stocked('RING', 5);
      const brooch = await room.register('BROOCH', 'SERIAL');
      const units = [{ serial: 'S1' }, { serial: 'S2' }, { stockNumber: 'N-3' }];
      const [s1, s2, n3] = await room.receive({ sku: 'BROOCH', units });
      const saleId = randomUUID();
      const lines = [
        named('RING', { quantity: 3 }),
        named('BROOCH'),
        named('BROOCH', { serial: 'S1' }),
        named('BROOCH', { serial: 'N-3' }),
      ];
      const claimed = await claim(saleId, lines);
      expect(linesOf(claimed)).toMatchObject([
        { lineId: lines[0]!.lineId, stockItemId: ring.id, quantity: 3, units: [] },
        { stockItemId: brooch.id, units: [{ serialUnitId: s2, serial: 'S2' }] },
        { stockItemId: brooch.id, units: [{ serialUnitId: s1, serial: 'S1' }] },
        { stockItemId: brooch.id, units: [{ serialUnitId: n3, serial: null, stockNumber: 'N-3' }] },
      ]);
      expect(await claim(saleId, lines)).toEqual(claimed);
      expect(await room.level('RING')).toEqual({ onHand: 5, committed: 3, available: 2 });
      await room.assertSums();
    });

    it('names what nobody has, by line, and claims nothing', async () => {
      await room.stocked('RING', 1);
      await room.pieces('BROOCH', 'S1');
      const lines = [
        named('RING'),
        named('NOTHING'),
        named('BROOCH', { serial: 'S9' }),
        named('RING', { serial: 'S1' }),
      ];
      const refused = expectRefused(await claim(randomUUID(), lines));
      expect(refused['reasons']).toMatchObject([
        { lineId: lines[2]!.lineId, code: 'NOT_FOUND', message: expect.stringContaining('S9') },
        { lineId: lines[3]!.lineId, code: 'NOT_FOUND', message: expect.stringContaining('S1') },
        {
          lineId: lines[1]!.lineId,
          code: 'NOT_FOUND',
          message: expect.stringContaining('NOTHING'),
        },
      ]);
      expect((await room.level('RING')).committed).toBe(0);
    });

    it('refuses a unit that stands elsewhere than asked, as a hold does, and claims nothing', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1');
      const at = { locationId: room.places.GM };
      const held = { sku: 'BROOCH', serial: 'S1', ...at };
      const hold = expectRefused(
        await room.holdLine({ saleId: randomUUID(), lineId: randomUUID() }, held),
      );
      expect(hold).toMatchObject({
        ...{ code: 'UNIT_NOT_AVAILABLE', locationCode: 'HQ' },
        message: expect.stringMatching(/at HQ/),
      });
      const reason = { code: hold.code, message: hold['message'] };
      const before = await room.footprint();
      for (const line of [
        named('BROOCH', { serial: 'S1', ...at }),
        lineOf(item, { serialUnitId: unitIds[0], ...at }),
      ])
        expect(expectRefused(await claim(randomUUID(), [line]))['reasons']).toMatchObject([reason]);
      expect(await room.footprint()).toEqual(before);
    });

    it('40 sales by name for one piece: one claims it', async () => {
      await room.pieces('BROOCH', 'S1');
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          claim(randomUUID(), [named('BROOCH', index % 2 ? { serial: 'S1' } : {})]),
        ),
      );
      expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
      await room.assertSums();
    });

    it('is fenced by a release as every claim', async () => {
      await room.stocked('RING', 1);
      const saleId = randomUUID();
      expectDone(await release(saleId));
      const late = expectRefused(await claim(saleId, [named('RING')]));
      expect(late.__typename).toBe('SaleClaimReleased');
    });
  });

  describe('release and fence', () => {
    it('frees everything once; a late claim, a late hold and a second release find the fence', async () => {
      const { unitIds } = await room.pieces('BROOCH', 'S1');
      const saleId = randomUUID();
      const line = await basket(saleId, 'BROOCH', { serial: 'S1' });
      expectDone(await claim(saleId, [line]));
      expect(expectDone(await release(saleId)).released).toBe(1);
      expect(expectDone(await release(saleId)).released).toBe(0);
      expect(await room.level('BROOCH')).toEqual({ onHand: 1, committed: 0, available: 1 });
      expect(await room.unitStatus(unitIds[0]!)).toBe('AVAILABLE');
      expect(expectRefused(await claim(saleId, [line])).__typename).toBe('SaleClaimReleased');
      const late = await room.holdLine({ saleId, lineId: randomUUID() }, { sku: 'BROOCH' });
      expect(expectRefused(late).__typename).toBe('SaleClaimReleased');
      await room.assertSums();
    });

    it('fences a sale that was never heard of', async () => {
      const ring = await room.stocked('RING', 1);
      const saleId = randomUUID();
      expectDone(await release(saleId));
      expect(expectRefused(await claim(saleId, [lineOf(ring)])).__typename).toBe(
        'SaleClaimReleased',
      );
      expect((await room.level('RING')).committed).toBe(0);
    });

    it('claims, releases and holds of one sale at once end with nothing held', async () => {
      const ring = await room.stocked('RING', 50);
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          const saleId = randomUUID();
          const lines = [lineOf(ring), lineOf(ring)];
          await Promise.all([
            claim(saleId, lines),
            release(saleId),
            room.holdLine({ saleId, lineId: lines[0]!.lineId }, { sku: 'RING' }),
            room.holdLine({ saleId, lineId: randomUUID() }, { sku: 'RING' }),
          ]);
          expectDone(await release(saleId));
        }),
      );
      expect(await room.level('RING')).toEqual({ onHand: 50, committed: 0, available: 50 });
      await room.assertSums();
    });

    it('lets a line go only while the sale is a basket', async () => {
      await room.stocked('RING', 5);
      const saleId = randomUUID();
      const [line, other] = [await basket(saleId, 'RING'), await basket(saleId, 'RING')];
      const letGo = (lineId: string) => room.sales.releaseLine(room.caller, { saleId, lineId });
      expect(expectDone(await letGo(line.lineId)).released).toBe(1);
      expect(expectDone(await letGo(line.lineId)).released).toBe(0);
      expectDone(await claim(saleId, [other]));
      expect(expectRefused(await letGo(other.lineId)).__typename).toBe('SaleClaimFixed');
      expect((await room.level('RING')).committed).toBe(1);
    });
  });

  describe('apply', () => {
    it('writes the movements once, drops on hand and committed together and sells the unit', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1');
      await room.stocked('RING', 5);
      const saleId = randomUUID();
      const lines = [
        await basket(saleId, 'BROOCH', { serial: 'S1' }),
        await basket(saleId, 'RING', { quantity: 2 }),
      ];
      expectDone(await claim(saleId, lines));
      const answers = await Promise.all([room.apply(saleId), room.apply(saleId)]);
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['ALREADY', 'APPLIED']);
      expect(await room.level('BROOCH')).toEqual({ onHand: 0, committed: 0, available: 0 });
      expect(await room.level('RING')).toEqual({ onHand: 3, committed: 0, available: 3 });
      expect(await room.unitStatus(unitIds[0]!)).toBe('SOLD');
      const movements = await room.rows(
        `SELECT quantity, resulting_on_hand, reference_id, line_id, serial_unit_id FROM movement
         WHERE reason = 'SALE' ORDER BY quantity`,
      );
      expect(movements).toEqual([
        {
          quantity: -2,
          resulting_on_hand: 3,
          reference_id: saleId,
          line_id: lines[1]!.lineId,
          serial_unit_id: null,
        },
        {
          quantity: -1,
          resulting_on_hand: 0,
          reference_id: saleId,
          line_id: lines[0]!.lineId,
          serial_unit_id: unitIds[0],
        },
      ]);
      expect(expectRefused(await release(saleId)).__typename).toBe('SaleAlreadyApplied');
      const again = expectRefused(await room.hold({ sku: item.sku, serial: 'S1' }));
      expect(again).toMatchObject({
        __typename: 'UnitNotAvailable',
        unitStatus: 'SOLD',
        heldBy: 'SALE',
      });
      await room.assertSums();
    });

    it('queues the movement and unit events in the transaction of the change', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1');
      const saleId = randomUUID();
      const line = await basket(saleId, 'BROOCH', { serial: 'S1' });
      expectDone(await claim(saleId, [line]));
      const seen = 'SELECT count(*)::int AS count FROM outbox';
      const [before] = await room.rows<{ count: number }>(seen);
      await room.apply(saleId);
      const events = await room.rows<{ type: string; aggregate_id: string; data: object }>(
        'SELECT type, aggregate_id, data FROM outbox ORDER BY position OFFSET $1',
        [before!.count],
      );
      expect(events.map(({ type, aggregate_id }) => [type, aggregate_id])).toEqual([
        ['inventory.movement-recorded', `${item.id}/${room.places.HQ}`],
        ['inventory.serial-unit-changed', unitIds[0]],
      ]);
      expect(events[1]!.data).toMatchObject({ status: 'SOLD', saleId, serial: 'S1' });
    });

    it('a replayed event without a claim on record: once if the ledger knows it, claimed afresh if not', async () => {
      const { item, unitIds } = await room.pieces('BROOCH', 'S1');
      const ring = await room.stocked('RING', 5);
      const saleId = randomUUID();
      const lines = [
        lineOf(item, { serialUnitId: unitIds[0] }),
        lineOf(ring, { quantity: 2, locationId: room.places.HQ }),
      ];
      expect((await room.apply(saleId, lines)).outcome).toBe('APPLIED');
      await room.write('DELETE FROM sale_claim');
      expect((await room.apply(saleId, lines)).outcome).toBe('ALREADY');
      expect(await room.level('RING')).toEqual({ onHand: 3, committed: 0, available: 3 });
      await room.assertSums();
    });

    it('refuses what the count cannot follow: a released claim, or no claim and no stock', async () => {
      const ring = await room.stocked('RING', 1);
      const saleId = randomUUID();
      expectDone(await release(saleId));
      expect((await room.apply(saleId, [lineOf(ring)])).outcome).toBe('RELEASED');
      const tooMany = await room.apply(randomUUID(), [lineOf(ring, { quantity: 2 })]);
      expect(tooMany.outcome).toBe('REFUSED');
      expect(await room.level('RING')).toEqual({ onHand: 1, committed: 0, available: 1 });
    });

    it('the ledger’s own index refuses a second SALE row for the line, past every check', async () => {
      await room.stocked('RING', 5);
      const saleId = randomUUID();
      const line = await basket(saleId, 'RING');
      expectDone(await claim(saleId, [line]));
      await room.apply(saleId);
      const twin = `INSERT INTO movement (tenant_id, stock_item_id, location_id, quantity, reason, reference_kind,
          reference_id, line_id, actor, resulting_on_hand, level_version)
        SELECT tenant_id, stock_item_id, location_id, quantity, reason, reference_kind, reference_id, line_id, actor, 0, 99
        FROM movement WHERE reason = 'SALE'`;
      await expect(room.write(twin)).rejects.toMatchObject({ constraint: 'movement_sale_once' });
    });

    it('a backordered sale takes on hand below zero by what is still to come', async () => {
      const chain = await room.register('CHAIN', 'QUANTITY', 2);
      await room.receive({ sku: 'CHAIN', quantity: 1 });
      const saleId = randomUUID();
      expectDone(await claim(saleId, [lineOf(chain, { quantity: 3 })]));
      await room.apply(saleId);
      expect(await room.level('CHAIN')).toEqual({ onHand: -2, committed: 0, available: -2 });
      await room.receive({ sku: 'CHAIN', quantity: 5 });
      expect(await room.level('CHAIN')).toEqual({ onHand: 3, committed: 0, available: 3 });
      await room.assertSums();
    });
  });

  it('movements are never changed: the service has no right to, and a trigger stops the owner', async () => {
    await room.stocked('RING', 1);
    const changes = ['UPDATE movement SET quantity = 2', 'DELETE FROM movement'];
    for (const change of changes)
      await expect(room.write(change)).rejects.toThrow('permission denied');
    const owner = await createDatabase({
      url: database.ownerUrl,
      applicationName: 'owner',
      poolMax: 1,
      onPoolError: () => undefined,
    });
    try {
      for (const change of [...changes, 'TRUNCATE movement CASCADE'])
        await expect(
          owner.inTransaction(room.tenantId, (tx) => tx.query(change)),
        ).rejects.toMatchObject({ constraint: 'movement_append_only' });
    } finally {
      await owner.close();
    }
  });
});
