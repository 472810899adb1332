import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../process/ports.ts';
import { isRunning } from '../process/process.ts';
import { startPostgres, type Postgres } from './postgres.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'onecount-postgres-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const optionsOf = (name: string) => ({ dataDir: join(home, name), password: 'secret' });

async function query(postgres: Postgres, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.adminUrl() });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('what was acknowledged before kill -9 is there after the restart', async () => {
  const postgres = await startPostgres(optionsOf('killed'));
  try {
    await query(postgres, 'CREATE TABLE kept AS SELECT uuidv7() AS id FROM generate_series(1, 3)');
    await postgres.kill();
    await postgres.start();
    expect(await query(postgres, 'SELECT count(*)::int AS count FROM kept')).toEqual([
      { count: 3 },
    ]);
  } finally {
    await postgres.stop();
  }
});

test('a server that was left running is stopped and its data folder used again', async () => {
  const first = await startPostgres(optionsOf('left'));
  const leftover = first.pid();
  const second = await startPostgres(optionsOf('left'));
  expect(await isRunning(leftover)).toBe(false);
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await second.stop();
  await first.stop();
});

test('a pid file whose pid now belongs to another program is no obstacle', async () => {
  const first = await startPostgres(optionsOf('stale'));
  await first.stop();
  await writeFile(join(home, 'stale/postmaster.pid'), `${process.pid}\n${join(home, 'stale')}\n`);
  const second = await startPostgres(optionsOf('stale'));
  expect(await isRunning(process.pid)).toBe(true);
  await second.stop();
});

test('a home that lost its password keeps its data', async () => {
  const first = await startPostgres(optionsOf('password'));
  await query(first, 'CREATE TABLE kept AS SELECT 1 AS id');
  await first.stop();
  const second = await startPostgres({ ...optionsOf('password'), password: "another'one" });
  expect(await query(second, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  await second.stop();
});

test('what an initdb that died left is no data folder', async () => {
  const draft = join(home, 'half.draft-1');
  await mkdir(draft);
  await writeFile(join(draft, 'PG_VERSION'), '18\n');
  const postgres = await startPostgres(optionsOf('half'));
  expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect((await readdir(home)).filter((name) => name.startsWith('half.draft'))).toEqual([]);
  await postgres.stop();
});

test('a port on which somebody else listens is taken, whatever answers there', async () => {
  const port = await freePort();
  const listener = createServer().listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const taken = { code: 'EADDRINUSE', message: `PostgreSQL: port ${port} on 127.0.0.1 is in use.` };
  await expect(startPostgres({ ...optionsOf('taken'), port })).rejects.toMatchObject(taken);
  listener.close();
  const other = await startPostgres({ ...optionsOf('other'), port });
  await expect(startPostgres({ ...optionsOf('taken'), port })).rejects.toMatchObject(taken);
  await other.stop();
});

test('a broken data folder gives one line that names it', async () => {
  const first = await startPostgres(optionsOf('broken'));
  await first.stop();
  await rm(join(home, 'broken/global'), { recursive: true });
  await expect(startPostgres(optionsOf('broken'))).rejects.toMatchObject({
    name: 'StackError',
    message: expect.stringMatching(/^PostgreSQL did not start from .*broken: [^\n]+$/),
  });
});
