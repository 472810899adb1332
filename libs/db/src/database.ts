import pg from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { retrying, withClient } from './connections.ts';
import { entityTransaction } from './entity-transaction.ts';
import { tenantIdOf } from './ids.ts';
import type { Statement } from './statement.ts';
import { queryOn, runTransaction, type EntityTx, type Tx } from './transaction.ts';
import { typeParsers } from './type-parsers.ts';

/** Who may look across tenants, on the tables whose policies name the role (`tenantTable`). */
export type SystemRole = 'relay' | 'sweeper' | 'monitor' | 'public-page';

export type Database = {
  /** BEGIN and the tenant in one round trip; a returned refusal rolls back; 40001/40P01 are retried whole. */
  inTransaction<T>(tenantId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same with TypeORM's EntityManager on the same connection; for administrative reads and writes. */
  inEntityTransaction<T>(tenantId: string, fn: (tx: EntityTx) => Promise<T>): Promise<T>;
  /** A READ ONLY transaction: several reads of one tenant on one connection. */
  read<T>(tenantId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Hot path: one autocommit statement, which itself sets app.tenant (a plpgsql function does). */
  statement<Row = Record<string, unknown>>(
    statement: Statement,
    values?: unknown[],
  ): Promise<Row[]>;
  /** Across tenants, only on tables that name the role; has no tenant. */
  asSystem<T>(role: SystemRole, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** A connection outside the pool for session-level advisory locks. The caller ends it and listens to its 'error'. */
  dedicatedClient(): Promise<pg.Client>;
  /** Resolves when PostgreSQL answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  applicationName: string;
  poolMax: number;
  entities?: EntitySchema[];
  /** Told about connections that broke while idle and about failing afterCommit hooks. */
  onPoolError: (err: Error) => void;
};

const connectTimeoutMs = 5_000;

// A lock is waited for shorter than a statement may run, so that the error names the lock; a
// transaction left open by a bug frees its locks by itself.
const sessionOptions = [
  '-c statement_timeout=10s',
  '-c lock_timeout=5s',
  '-c idle_in_transaction_session_timeout=15s',
].join(' ');

/** Connects; refuses a role that row-level security does not bind. */
export async function createDatabase(options: DatabaseOptions): Promise<Database> {
  const dataSource = await connected(options);
  const pool = poolOf(dataSource);
  try {
    await assertBoundRole(pool);
  } catch (err) {
    await dataSource.destroy();
    throw err;
  }
  const inTransaction = transactionOn(pool, options.onPoolError);
  return {
    inTransaction: (tenantId, fn) => inTransaction(tenantSetting(tenantId, 'BEGIN'), tenantId, fn),
    inEntityTransaction: (tenantId, fn) =>
      retrying(() =>
        entityTransaction({
          dataSource,
          tenantId: tenantIdOf(tenantId),
          fn,
          onHookError: options.onPoolError,
        }),
      ),
    read: (tenantId, fn) => inTransaction(tenantSetting(tenantId, 'BEGIN READ ONLY'), tenantId, fn),
    statement: (statement, values) =>
      retrying(() => withClient(pool, (client) => queryOn(client)(statement, values))),
    asSystem: (role, fn) => inTransaction(`BEGIN; SET LOCAL app.system = '${role}'`, undefined, fn),
    dedicatedClient: () => dedicatedClient(options),
    ready: () => withClient(pool, async (client) => void (await client.query('SELECT 1'))),
    close: () => dataSource.destroy(),
  };
}

// The id is checked to be a UUID because SET takes no parameters; anything else never reaches SQL.
function tenantSetting(tenantId: string, begin: string): string {
  return `${begin}; SET LOCAL app.tenant = '${tenantIdOf(tenantId)}'`;
}

function transactionOn(pool: pg.Pool, onHookError: (err: Error) => void) {
  return <T>(begin: string, tenantId: string | undefined, fn: (tx: Tx) => Promise<T>) =>
    retrying(() =>
      withClient(pool, (client) => runTransaction({ client, begin, tenantId, fn, onHookError })),
    );
}

function connected(options: DatabaseOptions): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    poolSize: options.poolMax,
    connectTimeoutMS: connectTimeoutMs,
    entities: options.entities ?? [],
    installExtensions: false,
    synchronize: false,
    logging: false,
    poolErrorHandler: options.onPoolError,
    extra: { options: sessionOptions, keepAlive: true, types: typeParsers },
  });
  return dataSource.initialize();
}

// One pool for both faces: two would double the connections and could not share a transaction.
function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master;
}

async function assertBoundRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ is_unbound: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS is_unbound FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.is_unbound !== false)
    throw new Error(
      'the database role must be neither superuser nor BYPASSRLS: it would see every tenant',
    );
}

async function dedicatedClient(options: DatabaseOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: `${options.applicationName} (dedicated)`,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: typeParsers,
  });
  client.on('error', options.onPoolError);
  await client.connect();
  return client;
}
