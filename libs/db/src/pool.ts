import pg from 'pg';
import type { EntitySchema } from 'typeorm';
import { typeParsers } from './type-parsers.ts';

export type DatabaseOptions = {
  url: string;
  /** For what needs a session of its own, where `url` leads to a pooler that lends connections per transaction. */
  sessionUrl?: string | undefined;
  applicationName: string;
  poolMax: number;
  entities?: EntitySchema[];
  /** Every wait may take this many times as long: 1 unless the machine is slow. */
  timeoutFactor?: number;
  /** Called for connections that broke while idle and about failing afterCommit hooks. */
  onPoolError: (err: Error) => void;
};

type Waits = Pick<DatabaseOptions, 'timeoutFactor'>;

export const connectTimeoutMs = ({ timeoutFactor = 1 }: Waits): number => 5_000 * timeoutFactor;

// A lock is waited for shorter than a statement may run, so that the error names the lock; a
// transaction left open by a bug frees its locks by itself.
const sessionOptions = ({ timeoutFactor = 1 }: Waits): string =>
  [
    `-c statement_timeout=${10 * timeoutFactor}s`,
    `-c lock_timeout=${5 * timeoutFactor}s`,
    `-c idle_in_transaction_session_timeout=${15 * timeoutFactor}s`,
  ].join(' ');

// pg closes what was idle for 10 s: at low rates every few requests would open connections again, fork and
// prepared statements included (up to half of PostgreSQL's CPU for a sale). Its pool lends the one that was
// used last, so what a peak left over grows old and goes.
const idleTimeoutMillis = 300_000;

/** What every pooled connection has, whoever owns the pool. */
export const connectionOptions = (waits: Waits) => ({
  options: sessionOptions(waits),
  keepAlive: true,
  types: typeParsers,
  idleTimeoutMillis,
  // A statement is written at once instead of after the answer to the one before it (docs/adr/0195).
  pipeline: true,
});

/** The pool of a service without entities. It connects with its first use. */
export function openPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.poolMax,
    connectionTimeoutMillis: connectTimeoutMs(options),
    ...connectionOptions(options),
  });
  // Without a listener an idle connection that dies (PostgreSQL was killed) would end the process.
  pool.on('error', options.onPoolError);
  // pg answers "connected" and a FATAL that came in the same packet in one go: in between the client is
  // lent, the pool no longer listens to it, and whoever gets it does not listen yet.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** A connection outside the pool, without its timeouts: it waits for advisory locks. */
export async function openDedicatedClient(options: DatabaseOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: options.sessionUrl ?? options.url,
    application_name: `${options.applicationName} (dedicated)`,
    connectionTimeoutMillis: connectTimeoutMs(options),
    keepAlive: true,
    types: typeParsers,
  });
  client.on('error', options.onPoolError);
  await client.connect();
  return client;
}

/** Throws for a role that row-level security would not bind. */
export async function assertBoundRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ is_unbound: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS is_unbound FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.is_unbound !== false)
    throw new Error(
      'the database role must be neither superuser nor BYPASSRLS: it would see every tenant',
    );
}
