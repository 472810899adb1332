import { StackError } from '../stack.errors.ts';
import type { Postgres } from './postgres.ts';

const portDefault = 5432;

/** A PostgreSQL that somebody else runs, by a URL with the right to make roles and databases. It is never stopped here. */
export function externalPostgres(url: string): Postgres {
  const { hostname, port } = new URL(url);
  const notOurs = async () => {
    throw new StackError('PostgreSQL at POSTGRES_URL is not run from here.');
  };
  return {
    mode: 'external',
    host: hostname,
    port: Number(port || portDefault),
    pid: () => 0,
    adminUrl(database = 'postgres') {
      const of = new URL(url);
      of.pathname = `/${database}`;
      return of.href;
    },
    logFile: '',
    stop: async () => undefined,
    kill: notOurs,
    start: notOurs,
  };
}
