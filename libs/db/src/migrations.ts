import { visible } from '@onecount/refusal';
import pg from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { applyFunctions, functionTable, refuseOrphans, selectApplied } from './function-apply.ts';
import { readFunctionFiles, type FunctionFile } from './function-files.ts';
import { isDatabaseError } from './pg-errors.ts';
import { expectFewTenants } from './planner-statistics.ts';

export type MigrationClass = new () => MigrationInterface;

export type MigrationRun = {
  url: string;
  migrations: MigrationClass[];
  /** The folder under which the service keeps its functions, `*.sql`, one each; none if it has none. */
  functions?: string;
  serviceRole: string;
};

const namePattern = /^[A-Z][A-Za-z0-9]*[0-9]{13}$/;
const roleName = /^[a-z_][a-z0-9_]*$/;
// Any constant will do, as long as every service that ever migrates a database uses the same one.
const lockKey = 7_316_204_115;
const undefinedTable = '42P01';

/**
 * A forward-only migration of plain SQL, e.g. `migration('CreateHold1762000000001', '…')`; the 13
 * digits at the end order it. It holds tables, indexes and data; functions are files. Going back is a
 * new migration: the old program has already written rows.
 */
export function migration(name: string, statements: string): MigrationClass {
  if (!namePattern.test(name)) throw new TypeError(`${name} must end with 13 digits`);
  return class implements MigrationInterface {
    name = name;
    async up(runner: QueryRunner): Promise<void> {
      // Here: TypeORM prints what it is thrown.
      await runner.query(statements).catch((err: unknown) => {
        throw readable(err);
      });
    }
    async down(): Promise<void> {
      throw new Error(`${name} is forward-only`);
    }
  };
}

/** What it quotes of rows is read on a terminal, where two names may look like one. Its lines stay. */
function readable(err: unknown): unknown {
  const spelt = (text: string) => text.split('\n').map(visible).join('\n');
  const { message, stack } = err as { message?: unknown; stack?: unknown };
  if (typeof message !== 'string' || typeof stack !== 'string') return err;
  return Object.assign(err as Error, { message: spelt(message), stack: spelt(stack) });
}

/**
 * Brings a database up to date, all in one transaction: the functions that tables need, the migrations
 * that have not run yet, then every function whose text differs from what was applied last. Returns
 * the names of all these. Only one process at a time: the others wait at the advisory lock and then
 * find, by one read, nothing to do. Connects as the owner of the database, who is neither superuser
 * nor BYPASSRLS.
 */
export async function runMigrations(options: MigrationRun): Promise<string[]> {
  if (!roleName.test(options.serviceRole))
    throw new TypeError('service role is no plain identifier');
  const folders = [import.meta.dirname, ...(options.functions ? [options.functions] : [])];
  const files = await readFunctionFiles(folders);
  return withMigrationLock(options.url, async (client) => {
    if (await isUpToDate(client, options.migrations, files)) return [];
    const dataSource = await ownerDataSource(options);
    try {
      return await inOneTransaction(dataSource, (runner) =>
        applyAll(dataSource, runner, { files, migrations: options.migrations }),
      );
    } finally {
      await dataSource.destroy();
    }
  });
}

const nameOf = (migrationClass: MigrationClass): string =>
  new migrationClass().name ?? migrationClass.name;

// Most runs find nothing to do; they need no TypeORM.
async function isUpToDate(
  client: pg.Client,
  migrations: MigrationClass[],
  files: FunctionFile[],
): Promise<boolean> {
  const present = await client
    .query<{ name: string; checksum: string }>(
      `${selectApplied} UNION ALL SELECT name, 'migration' FROM migration`,
    )
    .catch((err: unknown) => {
      if (isDatabaseError(err) && err.code === undefinedTable) return undefined;
      throw err;
    });
  if (!present) return false;
  const marks = new Set(present.rows.map(({ name, checksum }) => `${name} ${checksum}`));
  const functions = present.rows.filter(({ checksum }) => checksum !== 'migration');
  return (
    functions.length === files.length &&
    files.every(({ name, checksum }) => marks.has(`${name} ${checksum}`)) &&
    migrations.every((one) => marks.has(`${nameOf(one)} migration`))
  );
}

type Work = { files: FunctionFile[]; migrations: MigrationClass[] };

async function applyAll(
  dataSource: DataSource,
  runner: QueryRunner,
  { files, migrations }: Work,
): Promise<string[]> {
  const { MigrationExecutor } = await import('typeorm');
  const executor = new MigrationExecutor(dataSource, runner);
  // The transaction is around all of it.
  executor.transaction = 'none';
  const own = new Set(migrations.map(nameOf));
  // Beside a newer release this one's texts are the old ones: a process of it that starts late must
  // not bring them back.
  if ((await executor.getExecutedMigrations()).some(({ name }) => !own.has(name)))
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  await runner.query(functionTable);
  const early = await applyFunctions(
    runner,
    files.filter((file) => file.isBeforeTables),
  );
  const ran = await executor.executePendingMigrations();
  const late = await applyFunctions(runner, files);
  await refuseOrphans(runner, files);
  await expectFewTenants(runner);
  return [...early, ...ran.map(({ name }) => name), ...late];
}

async function inOneTransaction<T>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const result = await work(runner);
    await runner.commitTransaction();
    return result;
  } catch (err) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw err;
  } finally {
    await runner.release();
  }
}

async function ownerDataSource(options: MigrationRun): Promise<DataSource> {
  // Here and not above: apps import `migration` from this module, and need no TypeORM for it.
  const { DataSource } = await import('typeorm');
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: 'onecount migration',
    migrations: options.migrations,
    migrationsTableName: 'migration',
    entities: [],
    installExtensions: false,
    synchronize: false,
    logging: false,
    // A migration that must wait for a lock makes everything behind it wait too: give up soon.
    extra: { options: `-c onecount.service_role=${options.serviceRole} -c lock_timeout=10s` },
  });
  return dataSource.initialize();
}

// On a connection of its own: the lock belongs to the session and must outlive each transaction.
async function withMigrationLock<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'onecount migration lock',
  });
  let lost: Error | undefined;
  client.on('error', (err) => void (lost = err));
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    const result = await work(client);
    if (lost) throw lost;
    return result;
  } finally {
    await client.end().catch(() => undefined);
  }
}
