import { createBackoff, pause } from '../backoff.ts';
import {
  messagesPerDelivery,
  type ReceivedMessage,
  type SubscribeOptions,
  type TransportLog,
} from '../transport.ts';

type WorkerDeps = {
  onMessages: SubscribeOptions['onMessages'];
  ending: AbortSignal;
  log: TransportLog;
  /** Called when a partition is free again, so that its next messages are fetched at once. */
  ring(): void;
};
export type PartitionWorker = {
  isBusy(partitionId: number): boolean;
  /** Delivers in order; answers the last message that is done, as it goes on. Partitions go side by side. */
  work(
    partitionId: number,
    messages: ReceivedMessage[],
    onDone: (m: ReceivedMessage) => void,
  ): void;
  idle(): Promise<void>;
};

export function createPartitionWorker(deps: WorkerDeps): PartitionWorker {
  const busy = new Map<number, Promise<void>>();

  /** How many are done. */
  async function deliver(messages: ReceivedMessage[]): Promise<number> {
    try {
      return await deps.onMessages(messages);
    } catch (err) {
      const { topic, partition, offset } = messages[0]!;
      deps.log.warn({ err, topic, partition, offset }, 'messages were not taken; they come again');
      return 0;
    }
  }

  async function deliverAll(
    messages: ReceivedMessage[],
    onDone: (message: ReceivedMessage) => void,
  ): Promise<void> {
    const backoff = createBackoff({ firstMs: 100, maxMs: 5_000 });
    for (let at = 0; at < messages.length && !deps.ending.aborted;) {
      const part = messages.slice(at, at + messagesPerDelivery);
      const done = await deliver(part);
      at += done;
      if (done > 0) {
        onDone(part[done - 1]!);
        backoff.reset();
      }
      if (done < part.length) await pause(backoff.nextMs(), deps.ending);
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
