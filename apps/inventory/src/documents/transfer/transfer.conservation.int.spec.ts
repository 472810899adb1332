import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import { sample, type TestDatabase } from '@onecount/testing';
import fc from 'fast-check';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../../test/stock-room.ts';
import type { DifferenceInput } from './transfer-end.steps.ts';
import { createTransferService, type TransferService } from './transfer.service.ts';
import { selectLines } from './transfer.sql.ts';

// Whatever is packed, sent, received, lost and called off in whatever order: what stands at the two ends,
// is on its way and was declared missing is what there was at first. Wrong steps are part of it.

type Step =
  | { kind: 'create'; back: boolean; quantity: number; piece: number }
  | { kind: 'scan'; nth: number; code: string }
  | { kind: 'dispatch' | 'cancel' | 'receiveAll' | 'removeFirst'; nth: number }
  | { kind: 'receive'; nth: number; quantity: number; piece: number }
  | { kind: 'close'; nth: number; isMissing: boolean };

const pieces = ['S1', 'S2', 'S3'];
const nth = fc.nat({ max: 3 });
const small = fc.integer({ min: 0, max: 6 });
// One more than there are: no piece.
const piece = fc.nat({ max: pieces.length });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    back: fc.boolean(),
    quantity: small,
    piece,
  }),
  fc.record({
    kind: fc.constant('scan' as const),
    nth,
    code: fc.constantFrom('RING', ...pieces),
  }),
  fc.record({
    kind: fc.constantFrom('dispatch' as const, 'dispatch' as const, 'cancel' as const),
    nth,
  }),
  fc.record({ kind: fc.constantFrom('receiveAll' as const, 'removeFirst' as const), nth }),
  fc.record({ kind: fc.constant('receive' as const), nth, quantity: small, piece }),
  fc.record({ kind: fc.constant('close' as const), nth, isMissing: fc.boolean() }),
);

const linesOf = (quantity: number, index: number) => [
  ...(quantity > 0 ? [{ sku: 'RING', quantity }] : []),
  ...(index < pieces.length ? [{ sku: 'BROOCH', serials: [pieces[index]!] }] : []),
];

async function take(room: StockRoom, transfers: TransferService, ids: string[], each: Step) {
  const key = { idempotencyKey: randomUUID() };
  const { HQ, GM } = room.places;
  if (each.kind === 'create') {
    const [fromLocationId, toLocationId] = each.back ? [GM, HQ] : [HQ, GM];
    const lines = linesOf(each.quantity, each.piece);
    const input = { fromLocationId, toLocationId, lines, ...key };
    const made = await transfers.create(room.caller, input);
    if (!isRefusal(made)) ids.push(made.transferId);
    return;
  }
  const transferId = ids[each.nth % Math.max(ids.length, 1)];
  if (!transferId) return;
  const of = { transferId, ...key };
  const lines = await room.db.read(room.tenantId, (tx) => selectLines(tx, transferId));
  switch (each.kind) {
    case 'scan':
      return transfers.scan(room.caller, { ...of, codes: [each.code] });
    case 'dispatch':
      return transfers.dispatch(room.caller, of);
    case 'cancel':
      return transfers.cancel(room.caller, of);
    case 'receiveAll':
      return transfers.receive(room.caller, { ...of, isComplete: true });
    case 'removeFirst':
      if (!lines[0]) return;
      return transfers.lineRemove(room.caller, { ...of, transferLineId: lines[0].id });
    case 'receive': {
      const arrived = linesOf(each.quantity, each.piece);
      return transfers.receive(room.caller, { ...of, lines: arrived });
    }
    case 'close': {
      const differences = lines
        .filter(({ inTransit }) => inTransit > 0)
        .map(({ id, inTransit }, index): DifferenceInput => ({
          transferLineId: id,
          quantity: inTransit,
          outcome: each.isMissing === (index % 2 === 0) ? 'MISSING' : 'RETURNED',
          reason: 'LOSS',
        }));
      if (differences.length === 0) return;
      return transfers.close(room.caller, { ...of, differences });
    }
  }
}

/** What is left of an item, over the levels, the vans and what was declared missing. */
async function accountOf(room: StockRoom) {
  return room.rows(
    `SELECT i.sku, l.on_hand::int + t.travelling::int + t.missing::int AS total,
       (SELECT count(*)::int FROM serial_unit u WHERE u.stock_item_id = i.id
         AND u.status IN ('AVAILABLE', 'HELD', 'IN_TRANSIT', 'LOST')) AS units,
       (SELECT count(*)::int FROM serial_unit u WHERE u.stock_item_id = i.id AND u.status = 'IN_TRANSIT') = t.units AS agree
     FROM stock_item i
     CROSS JOIN LATERAL (SELECT coalesce(sum(on_hand), 0) AS on_hand FROM level WHERE stock_item_id = i.id) l
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(dispatched - received - returned - missing), 0) AS travelling, coalesce(sum(missing), 0) AS missing,
         coalesce(sum(dispatched - received - returned - missing) FILTER (WHERE serial_unit_id IS NOT NULL), 0) AS units
       FROM transfer_line WHERE stock_item_id = i.id) t
     ORDER BY i.sku`,
  );
}

describe('transfers, in any order', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  const expected = [
    { sku: 'BROOCH', total: pieces.length, units: pieces.length, agree: true },
    { sku: 'RING', total: 9, units: 0, agree: true },
  ];

  it('lose and make nothing in random sequences, each also with its steps two at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 8, maxLength: 40 }),
        fc.boolean(),
        async (steps, isConcurrent) => {
          const room = await openStockRoom(database);
          const transfers = createTransferService({ db: room.db });
          await room.stocked('RING', 9);
          await room.pieces('BROOCH', ...pieces);
          const ids: string[] = [];
          for (let index = 0; index < steps.length; index += isConcurrent ? 2 : 1) {
            const now = steps.slice(index, index + (isConcurrent ? 2 : 1));
            await Promise.all(now.map((each) => take(room, transfers, ids, each)));
          }
          expect(await accountOf(room)).toEqual(expected);
          await room.assertSums();
        },
      ),
      sample({ runs: 20, full: 400 }),
    );
  });
});
