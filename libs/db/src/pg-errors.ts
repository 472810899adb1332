/** The members of a PostgreSQL error that decisions are made on; TypeORM copies them onto its own. */
export type DatabaseError = Error & {
  code: string;
  constraint?: string;
  table?: string;
  detail?: string;
  routine?: string;
  severity?: string;
};

const sqlState = /^[0-9A-Z]{5}$/;

export function isDatabaseError(err: unknown): err is DatabaseError {
  return err instanceof Error && sqlState.test(String((err as DatabaseError).code));
}

/** serialization_failure and deadlock_detected: the only errors after which the same work may be tried again. */
export function isRetryable(err: unknown): boolean {
  return isDatabaseError(err) && (err.code === '40001' || err.code === '40P01');
}

/**
 * Whether the connection may serve another caller. Everything that is no SQL error comes from the
 * socket; FATAL, class 08 and 57P0x mean that the server closes it; a stale prepared plan (0A000 from
 * RevalidateCachedQuery, after a migration) lasts as long as the session.
 */
export function breaksConnection(err: unknown): boolean {
  if (!isDatabaseError(err)) return isSocketError(err);
  if (err.severity === 'FATAL' || err.severity === 'PANIC') return true;
  if (err.code.startsWith('08') || err.code.startsWith('57P')) return true;
  return err.code === '0A000' && err.routine === 'RevalidateCachedQuery';
}

// pg reports a lost connection without any code ("Connection terminated unexpectedly").
function isSocketError(err: unknown): boolean {
  if (!(err instanceof Error)) return false;
  const code = (err as NodeJS.ErrnoException).code;
  const isSystemCode = typeof code === 'string' && /^E[A-Z]+$/.test(code);
  return (
    isSystemCode ||
    /^(Connection terminated|Client has encountered|Client was closed)/.test(err.message)
  );
}
