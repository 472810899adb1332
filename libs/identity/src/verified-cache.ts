import { hash } from 'node:crypto';
import { createBoundedCache } from './bounded-cache.ts';

export const entriesMaxDefault = 10_000;

/**
 * Remembers what a token was verified to say, under its hash, so that memory holds no usable
 * token. Only successes are kept: a flood of bad tokens cannot push good ones out.
 */
export function createVerifiedCache<V>(options: { entriesMax?: number; ageMsMax?: number }) {
  const cache = createBoundedCache<V>({ entriesMax: options.entriesMax ?? entriesMaxDefault });
  const ageMsMax = options.ageMsMax ?? Number.POSITIVE_INFINITY;
  return async (
    token: string,
    verify: () => Promise<{ value: V; expiresAtMs: number }>,
  ): Promise<V> => {
    const key = hash('sha256', token, 'base64');
    const known = cache.get(key);
    if (known !== undefined) return known;
    const { value, expiresAtMs } = await verify();
    cache.set(key, value, Math.min(expiresAtMs, Date.now() + ageMsMax));
    return value;
  };
}
