import { setTimeout as delay } from 'node:timers/promises';

export type EventuallyOptions = { timeoutMs?: number; intervalMs?: number; what?: string };

/**
 * Waits until the condition returns something other than false, null or undefined, and returns it. A
 * condition that throws (an `expect` inside it) counts as not yet; the last error ends the wait.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 25, what = 'the condition' }: EventuallyOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    let failure: Error | undefined;
    try {
      const result = await condition();
      if (result !== false && result !== null && result !== undefined) {
        return result as NonNullable<Exclude<T, false>>;
      }
    } catch (err) {
      failure = err instanceof Error ? err : new Error(String(err));
    }
    if (performance.now() >= end) {
      throw failure ?? new Error(`${what} did not come true within ${timeoutMs} ms`);
    }
    await delay(intervalMs);
  }
}
