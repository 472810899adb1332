import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import { sample, type TestDatabase } from '@onecount/testing';
import fc from 'fast-check';
import { run } from './model/run.ts';
import { firstPieces, sequences } from './model/sequence.ts';
import { openStockRoom, openTestDatabase } from './stock-room.ts';

// Random sequences of everything that changes stock, some steps at the same time, against a model that a
// person can check (model/step.ts): every answer and the end must be what some order of the steps gives.

const lanes = 4;
const { numRuns, seed } = sample({ runs: 400, full: 2_000 });

describe('the stock room behaves as the model', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  it(`in ${numRuns} sequences`, async () => {
    const property = () =>
      fc.asyncProperty(sequences, async (sequence) => run(await openStockRoom(database), sequence));
    await Promise.all(
      Array.from({ length: lanes }, (_, lane) =>
        fc.assert(property(), {
          numRuns: Math.ceil(numRuns / lanes),
          seed: seed + lane,
        }),
      ),
    );
  });

  it('with sixty buyers at once: every sum is kept and nothing is sold twice', async () => {
    const room = await openStockRoom(database);
    await room.stocked('RING', 30);
    const { item, unitIds } = await room.pieces('BROOCH', ...firstPieces);
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const saleId = randomUUID();
        const lineId = randomUUID();
        const serialUnitId = unitIds[index % 3]!;
        const line = { lineId, stockItemId: item.id, sku: 'BROOCH', quantity: 1, serialUnitId };
        const asked = { sku: 'BROOCH', serial: firstPieces[index % 3]! };
        if (index % 2) await room.holdLine({ saleId, lineId }, asked);
        // Of those without a hold, every other knows the piece by its name alone.
        const named = { lineId, sku: 'BROOCH', quantity: 1, serial: firstPieces[index % 3]! };
        const lines = [index % 4 === 2 ? named : line];
        const claimed = await room.sales.claim(room.caller, { saleId, lines });
        await room.hold({ sku: 'RING', quantity: 1 + (index % 3) });
        if (isRefusal(claimed) || index % 8 === 0)
          await room.sales.release(room.caller, { saleId });
        else await room.apply(saleId, [line]);
      }),
    );
    await room.assertSums();
    const sold = await room.rows(
      "SELECT serial_unit_id, count(*)::int AS count FROM movement WHERE reason = 'SALE' GROUP BY 1",
    );
    for (const each of sold) expect(each).toMatchObject({ count: 1 });
    expect((await room.level('RING')).available).toBeGreaterThanOrEqual(0);
  });
});
