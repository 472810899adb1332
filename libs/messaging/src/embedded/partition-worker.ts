import { createBackoff, pause } from '../backoff.ts';
import type { ReceivedMessage, TransportLog } from '../transport.ts';

type WorkerDeps = {
  onMessage(message: ReceivedMessage): Promise<void>;
  ending: AbortSignal;
  log: TransportLog;
  /** Called when a partition is free again, so that its next messages are fetched at once. */
  ring(): void;
};
export type PartitionWorker = {
  isBusy(partitionId: number): boolean;
  /** Delivers in order; tells each message that is done. Partitions go side by side. */
  work(
    partitionId: number,
    messages: ReceivedMessage[],
    onDone: (m: ReceivedMessage) => void,
  ): void;
  idle(): Promise<void>;
};

const deliveriesAtOnce = 4;

export function createPartitionWorker(deps: WorkerDeps): PartitionWorker {
  const busy = new Map<number, Promise<void>>();
  const limit = createLimit(deliveriesAtOnce);

  /** True when done; false when the session ends first. */
  async function deliver(message: ReceivedMessage): Promise<boolean> {
    const backoff = createBackoff({ firstMs: 100, maxMs: 5_000 });
    while (!deps.ending.aborted) {
      try {
        await limit(() => deps.onMessage(message));
        return true;
      } catch (err) {
        const { topic, partition, offset } = message;
        deps.log.warn({ err, topic, partition, offset }, 'a message was not taken; it comes again');
        await pause(backoff.nextMs(), deps.ending);
      }
    }
    return false;
  }

  async function deliverAll(
    messages: ReceivedMessage[],
    onDone: (message: ReceivedMessage) => void,
  ): Promise<void> {
    for (const message of messages) {
      if (!(await deliver(message))) return;
      onDone(message);
    }
  }

  return {
    isBusy: (partitionId) => busy.has(partitionId),
    work(partitionId, messages, onDone) {
      const working = deliverAll(messages, onDone).finally(() => {
        busy.delete(partitionId);
        deps.ring();
      });
      busy.set(partitionId, working);
    },
    async idle() {
      await Promise.all(busy.values());
    },
  };
}

/** At most `max` pieces of work at a time, in the order in which they were asked for. */
function createLimit(max: number) {
  const waiting: (() => void)[] = [];
  let free = max;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
