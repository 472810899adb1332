import type { Pool, PoolClient } from 'pg';
import { breaksConnection, isRetryable } from './pg-errors.ts';

const attemptsMax = 3;

/**
 * Lends a client of the pool to `work`. A client whose connection broke, while lent or in the work,
 * is destroyed and never goes back to the pool; a mere SQL error (a violated constraint, a refused
 * value) keeps it. pool.query() would destroy it on every error: a connection per refused sale.
 */
export async function withClient<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // While a client is lent the pool does not listen to it: without a listener of ours a killed
  // PostgreSQL would end this process by an unhandled 'error' event.
  const onError = (err: Error) => void (broken = err);
  client.on('error', onError);
  try {
    return await work(client);
  } catch (err) {
    if (breaksConnection(err) || hasLostConnection(err)) broken ??= err as Error;
    throw err;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

function hasLostConnection(err: unknown): boolean {
  return err instanceof Error && 'lost' in err;
}

/** Runs the whole work again after 40001 and 40P01, at most three times; nothing else is retried. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (err) {
      if (!isRetryable(err) || attempt === attemptsMax) throw err;
    }
  }
}
