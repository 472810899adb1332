import { migration, runMigrations, tenantTable, uniqueKey } from './index.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';

const tenantA = '01900000-0000-7000-8000-00000000000a';
const tenantB = '01900000-0000-7000-8000-00000000000b';

const createPiece = migration(
  'CreatePiece1762000000001',
  `CREATE TABLE piece (tenant_id uuid NOT NULL, name text,
     name_key text COLLATE "C" GENERATED ALWAYS AS (identifier_key(name)) STORED);
   ${tenantTable('piece')}`,
);
const nameOnce = migration(
  'NameOnce1762000000002',
  uniqueKey('piece_name_key', { table: 'piece', key: 'name_key', shown: 'name' }),
);

let scratch: ScratchDatabase;
beforeEach(async () => {
  scratch = await scratchDatabase([createPiece]);
});
afterEach(() => scratch.drop());

const add = (tenantId: string, ...names: (string | null)[]) =>
  scratch.admin('INSERT INTO piece (tenant_id, name) SELECT $1, n FROM unnest($2::text[]) n', [
    tenantId,
    names,
  ]);
const migrate = () =>
  runMigrations({
    ...{ url: scratch.ownerUrl, serviceRole: scratch.role },
    migrations: [createPiece, nameOnce],
  });

describe('a migration that makes a name unique', () => {
  test('lets rows of other names stand, of one name in two tenants, and without one', async () => {
    await add(tenantA, 'ABC', 'ABD', null, null);
    await add(tenantB, 'abc');
    expect(await migrate()).toEqual(['NameOnce1762000000002']);
    await expect(add(tenantA, 'abc')).rejects.toMatchObject({ constraint: 'piece_name_key' });
  });

  test('names rows that are one, tenant by tenant, and changes nothing', async () => {
    await add(tenantA, 'ABC', 'abc', ' ABC', 'X', 'X\u200b', 'Y');
    await add(tenantB, 'e\u0301', '\u00e9', 'ABC');
    const failed = await migrate().catch((err: Error) => err.message);
    expect(failed).toContain('piece.name: these are one name by now');
    for (const one of ["' ABC' and 'ABC' and 'abc'", String.raw`'X' and 'X\u200b'`])
      expect(failed).toContain(`tenant ${tenantA}: ${one}`);
    expect(failed).toContain(`tenant ${tenantB}: 'e\u0301' and '\u00e9'`);
    expect(failed).not.toContain("'Y'");
    const { rows } = await scratch.admin(
      "SELECT relforcerowsecurity AS forced FROM pg_class WHERE relname = 'piece'",
    );
    expect(rows).toEqual([{ forced: true }]);
  });
});
