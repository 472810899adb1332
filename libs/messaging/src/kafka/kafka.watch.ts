import type { SubscribeOptions, TransportLog } from '../transport.ts';
import type { PartitionLag } from './kafka.lag.ts';

type WatchDeps = {
  options: SubscribeOptions;
  log: TransportLog;
  sessionTimeoutMs: number;
  lags(topics: string[]): Promise<PartitionLag[]>;
  onSilence(err: Error): void;
};

export type Watch = {
  start(): void;
  stop(): void;
  /** A fetch or a heartbeat was answered. */
  sign(): void;
  joined(assignment: Record<string, number[]>): void;
  working<T>(work: Promise<T>): Promise<T>;
  /** Resolves when none of the work that was begun before is under way. */
  idle(): Promise<void>;
};

const lookEveryMs = 20_000;
const looksWithoutProgressMax = 2;

/**
 * kafkajs consumers are known to stop without an error (issues 267 and 659), in two ways: nothing is
 * fetched any more, or fetches go on and a partition of ours does not move. Both end the consumer.
 */
export function createWatch(deps: WatchDeps): Watch {
  let signAt = performance.now();
  const inWork = new Set<Promise<unknown>>();
  let worked = 0;
  let seenWorked = -1;
  let looksWithoutProgress = 0;
  let assigned = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const silenceMaxMs = Math.max(deps.sessionTimeoutMs * 3, 30_000);

  async function look(): Promise<void> {
    if (performance.now() - signAt > silenceMaxMs) {
      deps.onSilence(new Error(`no fetch and no heartbeat for ${silenceMaxMs} ms`));
      return;
    }
    const hasProgress = inWork.size > 0 || worked !== seenWorked;
    seenWorked = worked;
    looksWithoutProgress = hasProgress || !(await isBehind()) ? 0 : looksWithoutProgress + 1;
    if (looksWithoutProgress >= looksWithoutProgressMax) {
      deps.onSilence(new Error('messages wait in partitions of this member and none is delivered'));
    }
  }

  async function isBehind(): Promise<boolean> {
    const lags = await deps.lags(deps.options.topics);
    return lags.some(
      ({ topic, partition, lag }) => lag > 0 && assigned.has(`${topic}/${partition}`),
    );
  }

  return {
    start() {
      const onError = (err: unknown) => deps.log.info({ err }, 'the lag could not be measured');
      timer = setInterval(() => void look().catch(onError), lookEveryMs);
    },
    stop: () => clearInterval(timer),
    sign: () => void (signAt = performance.now()),
    joined(assignment) {
      signAt = performance.now();
      looksWithoutProgress = 0;
      assigned = new Set(
        Object.entries(assignment).flatMap(([topic, list]) => list.map((n) => `${topic}/${n}`)),
      );
    },
    async working(work) {
      inWork.add(work);
      try {
        return await work;
      } finally {
        inWork.delete(work);
        worked += 1;
      }
    },
    async idle() {
      await Promise.allSettled(inWork);
    },
  };
}
