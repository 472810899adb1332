import { isIP } from 'node:net';
import { readPem } from './pem.ts';

const modes = ['disable', 'require', 'verify-ca', 'verify-full'];
const files = ['sslrootcert', 'sslcert', 'sslkey'];

/** What is wrong with the TLS parameters of a PostgreSQL URL. */
export function tlsProblem(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return undefined;
  const query = url.searchParams;
  const mode = query.get('sslmode');
  const given = files.filter((name) => query.has(name));
  if (mode === null) return given.length > 0 ? `has ${given[0]} without sslmode` : undefined;
  // prefer and allow go on without TLS when somebody in between says that the server has none.
  if (!modes.includes(mode)) return `has another sslmode than ${modes.join(', ')}`;
  if (mode === 'verify-ca' && !query.has('sslrootcert'))
    return 'has sslmode=verify-ca without sslrootcert';
  // pg compares the name only: to an address it would accept a certificate for `localhost`.
  if (mode === 'verify-full' && isIP(url.hostname.replace(/^\[|\]$/g, '')))
    return 'has sslmode=verify-full with an address where a name is needed';
  if (query.has('sslcert') !== query.has('sslkey')) return 'has one of sslcert and sslkey';
  const unread = given.find((name) => readPem(query.get(name) ?? '') === undefined);
  return unread && `has a ${unread} that names no PEM file that can be read`;
}

/**
 * pg takes `require` for `verify-full` unless the URL asks for the meaning that libpq gives the modes: the same
 * URL must not mean one thing to psql and another to us.
 */
export function withStandardTls(text: string): string {
  const url = URL.parse(text);
  if (!url?.searchParams.has('sslmode')) return text;
  url.searchParams.set('uselibpqcompat', 'true');
  return url.href;
}
