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

// pg reports these without a code.
const lostConnection =
  /Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|Cannot use a pool after calling end/;

/**
 * Whether PostgreSQL was not there, rather than refused the work: no connection (class 08), shutting
 * down or starting (57P), out of connections, memory or disk (53). An event is not to blame for it.
 */
export function isConnectionFailure(err: unknown): boolean {
  if (!(err instanceof Error)) return false;
  const code = String((err as NodeJS.ErrnoException).code ?? '');
  if (/^(08|53|57P)/.test(code) && code.length === 5) return true;
  if (socketCodes.has(code)) return true;
  if (lostConnection.test(err.message)) return true;
  return err instanceof AggregateError && err.errors.some(isConnectionFailure);
}
