const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const readOnly = '25006';

// pg reports these without a code.
const lostConnection =
  /Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|Cannot use a pool after calling end/;

// By shape and not by instanceof: a test runner's sandbox has an Error of its own.
type Failure = { code?: string; message?: string; errors?: unknown[] };

/**
 * Whether PostgreSQL was not there, rather than refused the work: no connection (class 08), shutting
 * down or starting (57P), out of connections, memory or disk (53), a standby that does not write yet
 * (25006). Neither an event nor a request is to blame for it, and repeating it later helps.
 */
export function isConnectionFailure(err: unknown): boolean {
  if (typeof err !== 'object' || err === null) return false;
  const { code = '', message = '', errors } = err as Failure;
  if (/^(08|53|57P)[0-9A-Z]+$/.test(code) && code.length === 5) return true;
  if (code === readOnly) return true;
  if (socketCodes.has(code)) return true;
  if (lostConnection.test(message)) return true;
  return Array.isArray(errors) && errors.some(isConnectionFailure);
}

/**
 * Whether the work met others at a bad moment: serialization (40001), deadlock (40P01), a lock not
 * given in time (55P03), a statement cut off by its timeout (57014). Time may cure it.
 */
export function isContention(err: unknown): boolean {
  const code = typeof err === 'object' && err !== null ? (err as Failure).code : undefined;
  return code === '40001' || code === '40P01' || code === '55P03' || code === '57014';
}
