import { setTimeout as delay } from 'node:timers/promises';

export type LoadResult = {
  operations: number;
  seconds: number;
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
};

/** As many workers as clients, each with one operation under way, until the time is over. The first failure ends it. */
export async function runLoad(
  load: { clients: number; seconds: number },
  operation: (client: number, turn: number) => Promise<void>,
): Promise<LoadResult> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + load.seconds * 1000;
  let hasFailed = false;
  const worker = async (client: number): Promise<void> => {
    for (let turn = 0; !hasFailed && performance.now() < endAt; turn += 1) {
      const begunAt = performance.now();
      try {
        await operation(client, turn);
      } catch (err) {
        hasFailed = true;
        throw err;
      }
      latencies.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: load.clients }, (_, client) => worker(client)));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    ...summary(latencies),
    seconds: round(seconds),
    perSecond: round(latencies.length / seconds),
  };
}

/** At a given rate, whether or not the earlier ones have ended: a queue would hide the delay. Answers how many. */
export async function atRate(
  { rate, seconds }: { rate: number; seconds: number },
  operation: (index: number) => Promise<void>,
): Promise<number> {
  const startedAt = performance.now();
  const under: Promise<void>[] = [];
  for (let index = 0; index < rate * seconds; index += 1) {
    const dueAt = startedAt + (index * 1000) / rate;
    await delay(Math.max(0, dueAt - performance.now()));
    under.push(operation(index));
  }
  await Promise.all(under);
  return under.length;
}

export function summary(latencies: number[]): Omit<LoadResult, 'seconds' | 'perSecond'> {
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return {
    operations: sorted.length,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
  };
}

export function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
