import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { commandOn, type RunCommand } from './command.ts';
import { retrying, withClient } from './connections.ts';
import { entityTransaction } from './entity-transaction.ts';
import { tenantIdOf } from './ids.ts';
import { assertBoundRole, openDedicatedClient, openPool, type DatabaseOptions } from './pool.ts';
import type { Statement } from './statement.ts';
import { queryOn, runSingleRead, runTransaction, type EntityTx, type Tx } from './transaction.ts';

/** Who may look across tenants, on the tables whose policies name the role (`tenantTable`). */
export type SystemRole = 'relay' | 'sweeper' | 'monitor' | 'public-page';

export type Database = {
  /** One use case of a caller, done once per idempotency key: how an app changes anything. */
  command: RunCommand<Tx>;
  /** The same with TypeORM's EntityManager on the same connection. */
  entityCommand: RunCommand<EntityTx>;
  /** BEGIN and the tenant travel with the first statement; a returned refusal rolls back; 40001/40P01 are retried whole. */
  inTransaction<T>(tenantId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same with TypeORM's EntityManager on the same connection; for administrative reads and writes. `actor` is who does it: app.actor. */
  inEntityTransaction<T>(
    tenantId: string,
    fn: (tx: EntityTx) => Promise<T>,
    actor?: string,
  ): Promise<T>;
  /** A READ ONLY transaction: several reads of one tenant on one connection. */
  read<T>(tenantId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Hot path: a `read` whose work asks exactly one statement, in one round trip. */
  readOne<T>(tenantId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
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

/** Connects; refuses a role that row-level security does not bind. */
export async function createDatabase(options: DatabaseOptions): Promise<Database> {
  const { pool, dataSource, close } = await openSource(options);
  try {
    await assertBoundRole(pool);
  } catch (err) {
    await close();
    throw err;
  }
  const onHookError = options.onPoolError;
  const transaction = transactionOn(pool, { run: runTransaction, onHookError });
  const singleRead = transactionOn(pool, { run: runSingleRead, onHookError });
  const inTransaction: Database['inTransaction'] = (tenantId, fn) =>
    transaction(tenantSetting(tenantId, 'BEGIN'), tenantId, fn);
  const inEntityTransaction: Database['inEntityTransaction'] = async (tenantId, fn, actor) => {
    if (!dataSource) throw new Error('this database was opened without entities');
    const step = { dataSource, tenantId: tenantIdOf(tenantId), actor, fn, onHookError };
    return retrying(() => entityTransaction(step));
  };
  return {
    command: commandOn(inTransaction),
    entityCommand: commandOn(inEntityTransaction),
    inTransaction,
    inEntityTransaction,
    read: (tenantId, fn) => transaction(tenantSetting(tenantId, 'BEGIN READ ONLY'), tenantId, fn),
    readOne: (tenantId, fn) => singleRead(tenantSetting(tenantId, 'BEGIN READ ONLY'), tenantId, fn),
    statement: (statement, values) =>
      retrying(() => withClient(pool, (client) => queryOn(client)(statement, values))),
    asSystem: (role, fn) => transaction(`BEGIN; SET LOCAL app.system = '${role}'`, undefined, fn),
    dedicatedClient: () => openDedicatedClient(options),
    ready: () => withClient(pool, async (client) => void (await client.query('SELECT 1'))),
    close,
  };
}

type Source = { pool: pg.Pool; dataSource?: DataSource; close(): Promise<void> };

async function openSource(options: DatabaseOptions): Promise<Source> {
  if (!options.entities?.length) {
    const pool = openPool(options);
    return { pool, close: () => pool.end() };
  }
  const { openEntitySource } = await import('./entity-source.ts');
  const source = await openEntitySource(options);
  return { ...source, close: () => source.dataSource.destroy() };
}

// The id is checked to be a UUID because SET takes no parameters; anything else never reaches SQL.
function tenantSetting(tenantId: string, begin: string): string {
  return `${begin}; SET LOCAL app.tenant = '${tenantIdOf(tenantId)}'`;
}

function transactionOn(
  pool: pg.Pool,
  { run, onHookError }: { run: typeof runTransaction; onHookError: (err: Error) => void },
) {
  return <T>(begin: string, tenantId: string | undefined, fn: (tx: Tx) => Promise<T>) =>
    retrying(() => withClient(pool, (client) => run({ client, begin, tenantId, fn, onHookError })));
}
