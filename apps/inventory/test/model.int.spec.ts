import type { TestDatabase } from '@onecount/testing';
import fc from 'fast-check';
import { run } from './model/run.ts';
import { sequences } from './model/sequence.ts';
import { openStockRoom, openTestDatabase } from './stock-room.ts';

// Random sequences of everything that changes stock, some steps at the same time, against a model that a
// person can check (model/step.ts): every answer and the end must be what some order of the steps gives.

const lanes = 4;
const sequencesPerLane = 500;

describe('the stock room behaves as the model', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  }, 60_000);
  afterAll(() => database.drop());

  it(`in ${lanes * sequencesPerLane} sequences`, async () => {
    // A failure prints seed and path; to run one again, put both into the options below.
    const seed = Date.now() % 2 ** 31;
    console.log(`fast-check seeds ${seed} to ${seed + lanes - 1}`);
    const property = () =>
      fc.asyncProperty(sequences, async (sequence) => run(await openStockRoom(database), sequence));
    await Promise.all(
      Array.from({ length: lanes }, (_, lane) =>
        fc.assert(property(), {
          numRuns: sequencesPerLane,
          seed: seed + lane,
          interruptAfterTimeLimit: 600_000,
          markInterruptAsFailure: true,
        }),
      ),
    );
  }, 660_000);
});
