import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  migrateService,
  provisionDatabases,
  startPostgres,
  type Postgres,
  type ServiceDatabase,
  type Subgraph,
} from '@onecount/local-stack';
import { eventually } from '@onecount/testing';

const run = promisify(execFile);
type Name = Subgraph;

export type ArchivedPostgres = {
  databases: Record<string, ServiceDatabase>;
  adminUrl(service: Name): string;
  baseBackup(): Promise<void>;
  /** Resolves when all that was committed by now is in the archive. */
  archived(): Promise<void>;
  /** The server dies, and its disk is gone. */
  lose(): Promise<void>;
  /** Back from the base backup and the archive: up to its end, or as it was at an instant. */
  restore(to?: Date): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A PostgreSQL with the databases of these services, backed up as docs/backup.md says: a base backup and the WAL since.
 * The server from npm comes without pg_basebackup, so the backup is taken by the functions that it is made of.
 */
export async function startArchivedPostgres(
  folder: string,
  names: Name[],
): Promise<ArchivedPostgres> {
  const paths = pathsIn(folder);
  await mkdir(paths.archive, { recursive: true });
  // PostgreSQL may run as a user of its own.
  await chmod(paths.archive, 0o777);
  const kept = `${paths.archive}/%f`;
  const postgres = await startPostgres({
    dataDir: paths.data,
    password: 'test',
    settings: {
      fsync: 'off',
      archive_mode: 'on',
      archive_command: `test ! -f ${kept} && cp %p ${kept}.part && mv ${kept}.part ${kept}`,
    },
  });
  const databases = await provisionDatabases({
    adminUrl: postgres.adminUrl(),
    services: names,
    passwordOf: (role) => `test-${role}`,
  });
  await Promise.all(names.map((name) => migrateService(name, databases[name]!)));
  return {
    databases,
    adminUrl: (service) => postgres.adminUrl(databases[service]!.database),
    baseBackup: () => asAdmin(postgres, (client) => backUp(client, paths)),
    async archived() {
      const [row] = await asAdmin(postgres, (client) => newestWal(client));
      await eventually(() => existsSync(join(paths.archive, row!.name)));
    },
    async lose() {
      await postgres.kill();
      await rm(paths.data, { recursive: true });
    },
    async restore(to) {
      await postgres.stop();
      await rm(paths.data, { recursive: true, force: true });
      await unpack(paths, to);
      await postgres.start();
    },
    stop: () => postgres.stop(),
  };
}

const pathsIn = (folder: string) => ({
  folder,
  data: join(folder, 'data'),
  archive: join(folder, 'archive'),
  base: join(folder, 'base.tar'),
  label: join(folder, 'backup_label'),
});
type Paths = ReturnType<typeof pathsIn>;

async function asAdmin<T>(postgres: Postgres, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: postgres.adminUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function newestWal(client: pg.Client): Promise<{ name: string }[]> {
  const { rows } = await client.query('SELECT pg_walfile_name(pg_switch_wal()) AS name');
  return rows as { name: string }[];
}

/** While it serves: what is torn in the copy, the WAL from the start of the backup on mends. */
async function backUp(client: pg.Client, { data, base, label }: Paths): Promise<void> {
  await client.query(`SELECT pg_backup_start('drill', fast => true)`);
  const leftOut = ['--exclude=./pg_wal/*', '--exclude=./postmaster.*'];
  await run('tar', ['-C', data, ...leftOut, '-cf', base, '.']).catch((err: { code?: unknown }) => {
    // 1: a file changed while it was read, as they do.
    if (err.code !== 1) throw err;
  });
  const { rows } = await client.query<{ labelfile: string }>('SELECT * FROM pg_backup_stop()');
  await writeFile(label, rows[0]!.labelfile);
}

async function unpack({ data, archive, base, label }: Paths, to: Date | undefined): Promise<void> {
  await mkdir(data, { mode: 0o700 });
  await run('tar', ['-C', data, '-xpf', base]);
  const { uid, gid } = await stat(join(data, 'PG_VERSION'));
  await chown(data, uid, gid);
  const write = async (name: string, text: string) => {
    await writeFile(join(data, name), text);
    await chown(join(data, name), uid, gid);
  };
  await write('backup_label', await readFile(label, 'utf8'));
  await write('recovery.signal', '');
  // By its offset: the server reads this before it knows the names of zones, `Z` among them.
  const target = to ? `recovery_target_time = '${to.toISOString().replace('Z', '+00')}'\n` : '';
  await appendFile(
    join(data, 'postgresql.auto.conf'),
    `restore_command = 'cp ${archive}/%f "%p"'\n${target}recovery_target_action = 'promote'\n`,
  );
}
