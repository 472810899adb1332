import * as fc from 'fast-check';
import { migration, newestWins, tenantTable, uuidv7, waitForCopy, type Tx } from './index.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';

const tenantA = '01900000-0000-7000-8000-00000000000a';
const tenantB = '01900000-0000-7000-8000-00000000000b';

const createKnownPiece = migration(
  'CreateKnownPiece1762000000001',
  `CREATE TABLE known_piece (
     tenant_id uuid NOT NULL,
     id uuid NOT NULL,
     version bigint NOT NULL,
     title text,
     CONSTRAINT known_piece_pkey PRIMARY KEY (tenant_id, id)
   );
   ${tenantTable('known_piece')}`,
);

const save = newestWins({
  name: 'test.known-piece',
  table: 'known_piece',
  key: ['id'],
  columns: ['title'],
});

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await scratchDatabase([createKnownPiece]);
});
afterAll(() => scratch?.drop());

const published = (id: string, version: number, tenantId = tenantA) =>
  scratch.db.inTransaction(tenantId, (tx) => save(tx, { id, version, title: `v${version}` }));
const titles = (tx: Tx, id: string) =>
  tx.query<{ title: string }>('SELECT title FROM known_piece WHERE id = $1', [id]);
const titleOf = async (id: string, tenantId = tenantA) => {
  const [row] = await scratch.db.read(tenantId, (tx) => titles(tx, id));
  return row?.title;
};

describe('the copy of what another service owns', () => {
  test('is the newest version, in whatever order events come and however often', async () => {
    const versions = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
    const isNewest = fc.asyncProperty(versions, async (arrivals) => {
      const id = uuidv7();
      let newest = 0;
      for (const version of arrivals) {
        expect(await published(id, version)).toBe(version > newest);
        newest = Math.max(newest, version);
        expect(await titleOf(id)).toBe(`v${newest}`);
      }
    });
    await fc.assert(isNewest, { seed: 20261129, numRuns: 30 });
  });

  test('is the newest version when all of them come at once', async () => {
    const id = uuidv7();
    const news = await Promise.all([3, 1, 5, 2, 4, 5].map((version) => published(id, version)));
    expect(news.filter(Boolean).length).toBeGreaterThanOrEqual(1);
    expect(await titleOf(id)).toBe('v5');
  });

  test('of one tenant says nothing about that of another', async () => {
    const id = uuidv7();
    await published(id, 7);
    expect(await published(id, 1, tenantB)).toBe(true);
    expect([await titleOf(id), await titleOf(id, tenantB)]).toEqual(['v7', 'v1']);
  });
});

describe('waiting for a copy', () => {
  const reading = (id: string, reads: { seen: number } = { seen: 0 }) => {
    return async () => {
      reads.seen++;
      return titleOf(id);
    };
  };

  test('ends with an event that comes late', async () => {
    const id = uuidv7();
    const reads = { seen: 0 };
    const found = waitForCopy(reading(id, reads), { waitMs: 60_000 });
    while (reads.seen < 2) await new Promise(setImmediate);
    await published(id, 1);
    expect(await found).toBe('v1');
  });

  test('goes on while what is there is not enough', async () => {
    const id = uuidv7();
    await published(id, 1);
    const reads = { seen: 0 };
    const isEnough = (title: string) => title === 'v2';
    const found = waitForCopy(reading(id, reads), { waitMs: 60_000, isEnough });
    while (reads.seen < 2) await new Promise(setImmediate);
    await published(id, 2);
    expect(await found).toBe('v2');
  });

  test('ends with what is known when the time is over', async () => {
    const id = uuidv7();
    expect(await waitForCopy(reading(id), { waitMs: 0 })).toBeUndefined();
    await published(id, 1);
    expect(await waitForCopy(reading(id), { waitMs: 0, isEnough: () => false })).toBe('v1');
  });
});
