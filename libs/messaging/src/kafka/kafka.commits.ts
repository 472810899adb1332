import type { EachBatchPayload } from 'kafkajs';
import { commitEveryMessages, commitEveryMs, type TransportLog } from '../transport.ts';

type Offsets = Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary'>;

export type Commits = {
  /** So many messages more are done. Commits after a while, or at once when they are many. */
  add(messages: number, offsets: Offsets): void;
  /** Commits what is done and not yet committed. Never rejects: what is lost here is delivered again. */
  flush(): Promise<void>;
  /** The same, and no more timers. */
  close(): Promise<void>;
};

/**
 * kafkajs commits after every batch once its own commits are on, whatever their interval says: one
 * request per partition and fetch, the larger half of a broker's work for a sale. These go by time and count.
 */
export function createCommits(log: TransportLog): Commits {
  let waiting = 0;
  let latest: Offsets | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  // One after the other: a slow one must not be overtaken and put the offsets back.
  const flush = () => (running = running.then(commit));
  const arm = () => void (timer ??= setTimeout(() => void flush(), commitEveryMs));

  async function commit(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    waiting = 0;
    const offsets = latest?.uncommittedOffsets();
    if (!latest || !offsets || offsets.topics.length === 0) return;
    try {
      await latest.commitOffsetsIfNecessary(offsets);
    } catch (err) {
      // A rebalance, or a broker that is away: the heartbeat tells kafkajs what to do about it.
      log.info({ err }, 'offsets were not committed; they go with the next commit');
      arm();
    }
  }

  return {
    add(messages, offsets) {
      latest = offsets;
      waiting += messages;
      if (waiting >= commitEveryMessages) void flush();
      else arm();
    },
    flush,
    async close() {
      await flush();
      clearTimeout(timer);
      latest = undefined;
    },
  };
}
