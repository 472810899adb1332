import { migration, tenantTable } from './index.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';
import { runMigrations } from './migrations.ts';

const createPiece = migration(
  'CreatePiece1762000000001',
  `CREATE TABLE piece (
     tenant_id uuid NOT NULL, id integer NOT NULL, code text NOT NULL, weight integer,
     PRIMARY KEY (tenant_id, id), CONSTRAINT piece_code UNIQUE (tenant_id, code));
   CREATE INDEX piece_by_weight ON piece (tenant_id, weight);
   ${tenantTable('piece')}`,
);
const addNote = migration('AddNote1762000000002', 'ALTER TABLE piece ADD COLUMN note text');
const tenant = '01900000-0000-7000-8000-00000000000a';

let scratch: ScratchDatabase;
beforeEach(async () => {
  scratch = await scratchDatabase([createPiece]);
});
afterEach(() => scratch.drop());

const expectation = async () =>
  (
    await scratch.admin(
      `SELECT n_distinct FROM pg_stats WHERE tablename = 'piece' AND attname = 'tenant_id'`,
    )
  ).rows;

async function planOf(statement: string): Promise<string> {
  const { rows } = await scratch.admin(`EXPLAIN ${statement}`);
  return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
}

describe('a table that was never analyzed', () => {
  it('is searched by all of a key, with one row in it or with thousands', async () => {
    await scratch.admin(`PREPARE found AS UPDATE piece SET weight = 1 FROM unnest($2::text[]) AS r (code)
      WHERE tenant_id = $1 AND piece.code = r.code`);
    await scratch.admin('SET plan_cache_mode = force_generic_plan');
    const plan = await planOf(`EXECUTE found ('${tenant}', '{A,B}')`);
    expect(plan).toContain('piece_code');
    expect(plan).toContain('(code = r.code)');
  });

  it('is one tenant’s to the planner, until it is analyzed', async () => {
    expect(await expectation()).toEqual([{ n_distinct: 1 }]);
    await scratch.admin(
      `INSERT INTO piece SELECT gen_random_uuid(), i, i::text FROM generate_series(1, 1000) AS i`,
    );
    await scratch.admin('ANALYZE piece');
    expect(await expectation()).toEqual([{ n_distinct: -1 }]);
    const migrations = [createPiece, addNote];
    await runMigrations({ url: scratch.ownerUrl, migrations, serviceRole: scratch.role });
    expect(await expectation()).toEqual([{ n_distinct: -1 }]);
  });
});
