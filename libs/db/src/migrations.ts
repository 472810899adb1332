import pg from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;

const namePattern = /^[A-Z][A-Za-z0-9]*[0-9]{13}$/;
const roleName = /^[a-z_][a-z0-9_]*$/;
// Any constant will do, as long as every service that ever migrates a database uses the same one.
const lockKey = 7_316_204_115;

/**
 * A forward-only migration of plain SQL, e.g. `migration('CreateHold1762000000001', '…')`; the 13
 * digits at the end order it. Going back is a new migration: the old program has already written rows.
 */
export function migration(name: string, statements: string): MigrationClass {
  if (!namePattern.test(name)) throw new TypeError(`${name} must end with 13 digits`);
  return class implements MigrationInterface {
    name = name;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(statements);
    }
    async down(): Promise<void> {
      throw new Error(`${name} is forward-only`);
    }
  };
}

/**
 * Runs what has not run yet, each migration in its own transaction, and returns the names. Only one
 * process at a time: the others wait at the advisory lock and then find nothing to do. Connects as
 * the owner of the database, who is neither superuser nor BYPASSRLS.
 */
export async function runMigrations(options: {
  url: string;
  migrations: MigrationClass[];
  serviceRole: string;
}): Promise<string[]> {
  if (!roleName.test(options.serviceRole))
    throw new TypeError('service role is no plain identifier');
  return withMigrationLock(options.url, async () => {
    const dataSource = await ownerDataSource(options);
    try {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      return done.map(({ name }) => name);
    } finally {
      await dataSource.destroy();
    }
  });
}

async function ownerDataSource(options: {
  url: string;
  migrations: MigrationClass[];
  serviceRole: string;
}): Promise<DataSource> {
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
async function withMigrationLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'onecount migration lock',
  });
  let lost: Error | undefined;
  client.on('error', (err) => void (lost = err));
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    const result = await work();
    if (lost) throw lost;
    return result;
  } finally {
    await client.end().catch(() => undefined);
  }
}
