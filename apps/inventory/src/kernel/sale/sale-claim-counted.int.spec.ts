import { randomUUID } from 'node:crypto';
import type { Tx } from '@onecount/db';
import { isRefusal } from '@onecount/refusal';
import { sample, type TestDatabase } from '@onecount/testing';
import fc from 'fast-check';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../../test/stock-room.ts';

type Sku = 'RING' | 'CUP' | 'AHEAD' | 'BROOCH' | 'ENGRAVING';
type Line = {
  sku: Sku;
  quantity: number;
  place: 'HQ' | 'GM' | null;
  isNamed: boolean;
  held: number | null;
};
type Other = { sku: Sku; quantity: number; isExpired: boolean };

const place = fc.constantFrom('HQ' as const, 'GM' as const, null);
const sku = fc.constantFrom<Sku>('RING', 'CUP', 'AHEAD', 'BROOCH', 'ENGRAVING');
const anyLine = fc.record({
  ...{ sku, place, quantity: fc.integer({ min: 1, max: 4 }), isNamed: fc.boolean() },
  held: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 }),
});
// Held as it is asked, if it is held at all.
const usualLine = fc.record({
  ...{ sku: fc.constantFrom<Sku>('RING', 'CUP'), place, isNamed: fc.boolean() },
  ...{ quantity: fc.integer({ min: 1, max: 2 }), held: fc.constant(null) },
});
const lines: fc.Arbitrary<Line[]> = fc.oneof(
  fc.array(anyLine, { minLength: 1, maxLength: 4 }),
  fc.uniqueArray(usualLine, { selector: (line) => line.sku, minLength: 1, maxLength: 2 }),
);
const other = fc.record({ sku, quantity: fc.integer({ min: 1, max: 3 }), isExpired: fc.boolean() });
const scenario = fc.record({
  ...{ lines, areHeld: fc.boolean(), others: fc.array(other, { maxLength: 2 }) },
  isExpired: fc.boolean(),
});

const general = 'SELECT sale_claim($1, $2, sale_lines_resolve($1, $3), $4, $5) AS answer';
const counted = 'SELECT sale_claim_counted($1, $2, $3, $4, $5) AS answer';
const either = `SELECT coalesce(sale_claim_counted($1, $2, $3, $4, $5),
  sale_claim($1, $2, sale_lines_resolve($1, $3), $4, $5)) AS answer`;

describe('the usual claim of counted items', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  async function openStocked() {
    const room = await openStockRoom(database);
    const ids = {
      RING: (await room.stocked('RING', 4)).id,
      CUP: (await room.stocked('CUP', 3)).id,
      AHEAD: (await room.register('AHEAD', 'QUANTITY', 2)).id,
      BROOCH: (await room.pieces('BROOCH', 'S1', 'S2')).item.id,
      ENGRAVING: (await room.register('ENGRAVING', 'NONE')).id,
    };
    await room.receive({ sku: 'RING', quantity: 4 }, 'GM');
    return { room, ids };
  }
  type Stocked = Awaited<ReturnType<typeof openStocked>>;

  /** The sale's own holds, where it gets them, and its lines as the claim is asked. */
  async function ask({ room, ids }: Stocked, saleId: string, lines: Line[], isExpired: boolean) {
    const asked: object[] = [];
    for (const { sku: which, quantity, place: where, isNamed, held } of lines) {
      const lineId = randomUUID();
      const locationId = where && room.places[where];
      if (held !== null) {
        const placed = await room.holdLine({ saleId, lineId }, { sku: which, quantity: held });
        if (isExpired && !isRefusal(placed))
          await room.expire(placed.placed?.holdId ?? randomUUID());
      }
      asked.push({
        lineId,
        sku: which,
        quantity,
        locationId,
        stockItemId: isNamed ? null : ids[which],
      });
    }
    return asked;
  }

  async function takenBefore({ room }: Stocked, others: Other[]) {
    for (const { sku: which, quantity, isExpired } of others) {
      const taken = await room.hold({ sku: which, quantity });
      if (isExpired && !isRefusal(taken)) await room.expire(taken.hold.id);
    }
  }

  /** What a claim answers and would leave, and nothing of it stays. */
  async function tried(room: StockRoom, statement: string, saleId: string, lines: object[]) {
    const values = [room.tenantId, saleId, JSON.stringify(lines), 'clerk', 'COUNTER'];
    let seen: { answer: object | null; rows: object[] } | undefined;
    const rollback = new Error('rolled back');
    await room.db
      .inTransaction(room.tenantId, async (tx) => {
        const [row] = await tx.query<{ answer: object | null }>(statement, values);
        seen = { answer: row!.answer, rows: await rowsOf(tx) };
        throw rollback;
      })
      .catch((err: unknown) => {
        if (err !== rollback) throw err;
      });
    return seen!;
  }
  const rowsOf = (tx: Tx) =>
    tx.query<object>(
      `SELECT (SELECT jsonb_agg(to_jsonb(l) - 'updated_at' ORDER BY l.stock_item_id, l.location_id) FROM level l) AS levels,
        (SELECT jsonb_agg(to_jsonb(h) - 'id' - 'created_at' - 'settled_at' ORDER BY h.line_id, h.part, h.status, h.created_at, h.id) FROM hold h) AS holds,
        (SELECT jsonb_agg(jsonb_build_array(c.status, c.answer)) FROM sale_claim c) AS claims,
        (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.stock_item_id, d.location_id) FROM level_dirty d) AS dirty,
        (SELECT jsonb_agg(jsonb_build_array(u.id, u.status, u.version) ORDER BY u.id) FROM serial_unit u) AS units`,
    );

  it('answers and leaves what the general claim would, or leaves the claim to that', async () => {
    const ways = { counted: 0, general: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async ({ lines, others, areHeld, isExpired }) => {
        const stocked = await openStocked();
        const { room } = stocked;
        await takenBefore(stocked, others);
        const saleId = randomUUID();
        const holding = lines.map((line) => ({
          ...line,
          held: areHeld ? (line.held ?? line.quantity) : null,
        }));
        const asked = await ask(stocked, saleId, holding, isExpired);
        const expected = await tried(room, general, saleId, asked);
        expect(await tried(room, either, saleId, asked)).toEqual(expected);
        const { answer } = await tried(room, counted, saleId, asked);
        ways[answer ? 'counted' : 'general'] += 1;
        if (answer) expect(answer).toEqual(expected.answer);
      }),
      sample({ runs: 40, full: 600 }),
    );
    expect(Math.min(ways.counted, ways.general)).toBeGreaterThan(5);
  });

  it('takes what a basket holds and what a recorded sale names by SKU, and nothing twice', async () => {
    const { room, ids } = await openStocked();
    const saleId = randomUUID();
    const lines = [
      { lineId: randomUUID(), sku: 'ring', quantity: 3, stockItemId: null },
      { lineId: randomUUID(), sku: 'CUP', quantity: 3, stockItemId: ids.CUP },
    ];
    expect((await tried(room, counted, saleId, lines)).answer).toMatchObject({
      outcome: 'CLAIMED',
    });
    const claims = await Promise.all(
      Array.from({ length: 6 }, () =>
        room.sales.claim(room.caller, { saleId: randomUUID(), channel: 'WEB', lines }),
      ),
    );
    expect(claims.filter((claim) => !isRefusal(claim))).toHaveLength(1);
    expect(await room.level('CUP')).toEqual({ onHand: 3, committed: 3, available: 0 });
    await room.assertSums();
  });
});
