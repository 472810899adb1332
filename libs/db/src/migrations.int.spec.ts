import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migration, runMigrations, type MigrationClass } from './index.ts';
import { scratchDatabase, type ScratchDatabase } from '../test/scratch-database.ts';

const createPiece = migration(
  'CreatePiece1762000000001',
  `CREATE TABLE piece (id integer PRIMARY KEY, weight integer NOT NULL DEFAULT usual_weight())`,
);
const usualWeight = (weight: number) =>
  `-- @before-tables: the default of piece.weight.
   CREATE OR REPLACE FUNCTION usual_weight() RETURNS integer LANGUAGE sql RETURN ${weight};`;
const addPiece = (sign: string) =>
  `CREATE OR REPLACE FUNCTION piece_add(p_id integer) RETURNS text LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO piece (id) VALUES (p_id);
     RETURN '${sign}' || p_id;
   END $$;`;

let scratch: ScratchDatabase;
let folder: string;
beforeEach(async () => {
  scratch = await scratchDatabase([]);
  folder = await mkdtemp(join(tmpdir(), 'onecount-release-'));
  await write('usual_weight', usualWeight(3));
  await write('piece_add', addPiece('P'));
});
afterEach(async () => {
  await scratch.drop();
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(folder, `${name}.sql`), text);
const remove = (name: string) => rm(join(folder, `${name}.sql`));
const migrate = (migrations: MigrationClass[] = [createPiece]) =>
  runMigrations({
    ...{ url: scratch.ownerUrl, serviceRole: scratch.role },
    ...{ migrations, functions: folder },
  });
const call = async (text: string) =>
  ((await scratch.admin(`SELECT ${text} AS answer`)).rows[0] as { answer: unknown }).answer;
const namesOf = async (pattern: string) =>
  (await scratch.admin('SELECT proname FROM pg_proc WHERE proname ~ $1 ORDER BY 1', [pattern]))
    .rows;

describe('function files', () => {
  it('what a table needs is applied before the tables, everything else behind them', async () => {
    expect(await migrate()).toEqual(['usual_weight', 'CreatePiece1762000000001', 'piece_add']);
    expect(await call('piece_add(1)')).toBe('P1');
    expect((await scratch.admin('SELECT * FROM piece')).rows).toEqual([{ id: 1, weight: 3 }]);
  });

  it('only a changed text is applied again, by one of two processes', async () => {
    await migrate();
    expect(await migrate()).toEqual([]);
    await write('piece_add', addPiece('Q'));
    expect((await Promise.all([migrate(), migrate()])).flat()).toEqual(['piece_add']);
    expect(await call('piece_add(2)')).toBe('Q2');
  });

  it('a run is whole or nothing: a broken function takes its migration back', async () => {
    await write('piece_add', addPiece('P').replace("RETURN '", "RETRUN '"));
    await expect(migrate()).rejects.toThrow('piece_add.sql: syntax error');
    expect(await call(`to_regclass('piece')`)).toBeNull();
    expect(await namesOf('^usual_weight')).toEqual([]);
    await write('piece_add', addPiece('P'));
    expect(await migrate()).toHaveLength(3);
  });

  it('a function without a file is dropped by a migration and by nothing else', async () => {
    await migrate();
    await remove('piece_add');
    await expect(migrate()).rejects.toThrow('no migration that drops it: function piece_add');
    expect(await namesOf('^piece_add')).toHaveLength(1);
    const drop = migration('DropPieceAdd1762000000002', 'DROP FUNCTION piece_add(integer)');
    expect(await migrate([createPiece, drop])).toEqual(['DropPieceAdd1762000000002']);
    expect(await namesOf('^piece_add')).toEqual([]);
    expect(await migrate([createPiece, drop])).toEqual([]);
  });

  it('a function that a migration dropped for another return type comes back', async () => {
    await migrate();
    const drop = migration('DropPieceAdd1762000000002', 'DROP FUNCTION piece_add(integer)');
    expect(await migrate([createPiece, drop])).toEqual(['DropPieceAdd1762000000002', 'piece_add']);
  });

  it('a release that is older than the database leaves the newer texts', async () => {
    const newer = migration('AddColour1762000000002', 'ALTER TABLE piece ADD COLUMN colour text');
    await write('piece_add', addPiece('NEW'));
    await migrate([createPiece, newer]);
    await write('piece_add', addPiece('OLD'));
    expect(await migrate([createPiece])).toEqual([]);
    expect(await call('piece_add(1)')).toBe('NEW1');
  });
});

// docs/running.md, "Upgrading while it runs": expand, move the callers, contract.
describe('a function changes its signature while two releases run', () => {
  const both = `${addPiece('P')}
    CREATE OR REPLACE FUNCTION piece_add(p_id integer, p_weight integer) RETURNS json LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO piece (id, weight) VALUES (p_id, p_weight);
      RETURN json_build_object('id', p_id);
    END $$;`;
  const newOnly = both.slice(
    both.indexOf('CREATE OR REPLACE FUNCTION piece_add(p_id integer, p_weight'),
  );
  const drop = migration('DropPieceAdd1762000000002', 'DROP FUNCTION piece_add(integer)');

  it('the old and the new caller both work, on sessions that stay open, until the old is dropped', async () => {
    await migrate();
    await scratch.admin('PREPARE old_release AS SELECT piece_add($1) AS answer');
    expect((await scratch.admin('EXECUTE old_release(1)')).rows).toEqual([{ answer: 'P1' }]);

    await write('piece_add', both);
    expect(await migrate()).toEqual(['piece_add']);
    await scratch.admin('PREPARE new_release AS SELECT piece_add($1, $2) AS answer');
    expect((await scratch.admin('EXECUTE new_release(2, 9)')).rows).toEqual([
      { answer: { id: 2 } },
    ]);
    expect((await scratch.admin('EXECUTE old_release(3)')).rows).toEqual([{ answer: 'P3' }]);

    await write('piece_add', newOnly);
    await migrate([createPiece, drop]);
    expect((await scratch.admin('EXECUTE new_release(4, 9)')).rows).toEqual([
      { answer: { id: 4 } },
    ]);
    await expect(scratch.admin('EXECUTE old_release(5)')).rejects.toThrow('does not exist');
  });
});
