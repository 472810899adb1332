// At most so many effects share a transaction: a hot row is locked for tens of milliseconds, not for a second.
const effectsMax = 32;
const groupsAtOnce = 4;

type Waiting<E> = { effects: E[]; resolve(): void; reject(err: unknown): void };

/**
 * Gathers the effects of deliveries that come at the same time, of whatever partitions, into groups. One
 * that comes alone goes at once; while all lanes are busy the next group fills.
 */
export function createGroups<E>(apply: (effects: E[]) => Promise<void>) {
  const waiting: Waiting<E>[] = [];
  let free = groupsAtOnce;
  let isScheduled = false;

  function pump(): void {
    isScheduled = false;
    while (free > 0 && waiting.length > 0) void run(take());
  }

  function take(): Waiting<E>[] {
    let count = 0;
    const end = waiting.findIndex(({ effects }) => (count += effects.length) >= effectsMax);
    return waiting.splice(0, end < 0 ? waiting.length : end + 1);
  }

  async function run(taken: Waiting<E>[]): Promise<void> {
    free -= 1;
    try {
      await apply(taken.flatMap(({ effects }) => effects));
      for (const { resolve } of taken) resolve();
    } catch (err) {
      for (const { reject } of taken) reject(err);
    } finally {
      free += 1;
      pump();
    }
  }

  /** Resolves when the group that these went with is through. */
  return function add(effects: E[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ effects, resolve, reject });
    // The partitions of one fetch are delivered one after the other in the same turn of the event loop.
    if (!isScheduled) setImmediate(pump);
    isScheduled = true;
    return promise;
  };
}
