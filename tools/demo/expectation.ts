import { setTimeout as pause } from 'node:timers/promises';

const pollMs = 100;
/** What follows from an event takes a moment; on a machine that is busy, minutes. */
export const followsWithinMs = 300_000;

/** An answer that is not what the scene promises; the message says what differed. */
export class SceneFailure extends Error {
  override readonly name = 'SceneFailure';
}

/** Each place where two values, as JSON knows them, differ: as `path: expected …, answered …`. */
export function differences(expected: unknown, answered: unknown, path = ''): string[] {
  if (Object.is(expected, answered)) return [];
  const isSameKind = Array.isArray(expected) === Array.isArray(answered);
  if (isObject(expected) && isObject(answered) && isSameKind) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(answered)]);
    return [...keys].flatMap((key) =>
      differences(expected[key], answered[key], path === '' ? key : `${path}.${key}`),
    );
  }
  const place = path === '' ? '' : `${path}: `;
  return [`${place}expected ${JSON.stringify(expected)}, answered ${JSON.stringify(answered)}`];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Throws SceneFailure unless the answer is what the scene promises. */
export function expectEqual(what: string, answered: unknown, expected: unknown): void {
  const found = differences(expected, answered);
  if (found.length > 0) throw new SceneFailure(`${what}: ${found.join('; ')}`);
}

/** Asks until the answer is as promised: events take a moment. Throws SceneFailure after `withinMs`. */
export async function untilEqual<T>(
  what: string,
  ask: () => Promise<T>,
  { facts, expected, withinMs }: { facts(answer: T): unknown; expected: unknown; withinMs: number },
): Promise<{ answer: T; tookMs: number }> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    const tookMs = Math.round(performance.now() - startedAt);
    const found = differences(expected, facts(answer));
    if (found.length === 0) return { answer, tookMs };
    if (tookMs > withinMs) throw new SceneFailure(`${what}: ${found.join('; ')}`);
    await pause(pollMs);
  }
}
