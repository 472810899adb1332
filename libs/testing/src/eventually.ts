import { setTimeout as delay } from 'node:timers/promises';

// No measure of speed: what has not come true by now never will, on the slowest machine either.
const stuckMs = 5 * 60_000;

export type EventuallyOptions = { stuckAfterMs?: number; intervalMs?: number; what?: string };

/**
 * Waits until the condition returns something other than false, null or undefined, and returns it. A
 * condition that throws (an `expect` inside it) counts as not yet; the last error ends the wait.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { stuckAfterMs = stuckMs, intervalMs = 25, what = 'the condition' }: EventuallyOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + stuckAfterMs;
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
      throw failure ?? new Error(`${what} did not come true within ${stuckAfterMs} ms`);
    }
    await delay(intervalMs);
  }
}

/** Waits until the assertion holds. */
export async function holds(assertion: () => unknown): Promise<void> {
  await eventually(async () => {
    await assertion();
    return true;
  });
}
