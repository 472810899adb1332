import { setTimeout as delay } from 'node:timers/promises';

/** Sleeps, shorter when the signal aborts; never rejects. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : undefined);
  } catch {
    // Aborted: whoever sleeps here looks at its own stop flag next.
  }
}

/**
 * Sleeps up to an instant of `performance.now()`, not at all when it is over. By the clock of the machine, whoever
 * sets it back by an hour would stop the events for an hour.
 */
export async function pauseUntil(at: number, signal?: AbortSignal): Promise<void> {
  const ms = at - performance.now();
  if (ms > 0) await pause(ms, signal);
}

export type Backoff = { nextMs(): number; reset(): void };

/** Doubles from `firstMs` to `maxMs`, with ±20 % of chance so that several processes do not step in time. */
export function createBackoff({ firstMs, maxMs }: { firstMs: number; maxMs: number }): Backoff {
  let ms = firstMs;
  return {
    nextMs() {
      const now = ms * (0.8 + Math.random() * 0.4);
      ms = Math.min(ms * 2, maxMs);
      return now;
    },
    reset() {
      ms = firstMs;
    },
  };
}

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Rejects after `ms`; the work itself goes on, so it must be safe to abandon. */
export function withDeadline<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new DeadlineError(`${what} took over ${ms} ms`)), ms);
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}

/** `wait` answers whether it was rung, or the time passed. */
export type Alarm = { ring(): void; wait(ms: number): Promise<boolean> };

/** A wake-up that is not lost: ringing before the wait makes the next wait return at once. */
export function createAlarm(): Alarm {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      isRung = true;
      wake?.();
    },
    async wait(ms) {
      if (!isRung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, ms);
        await promise;
        clearTimeout(timer);
        wake = undefined;
      }
      const wasRung = isRung;
      isRung = false;
      return wasRung;
    },
  };
}
