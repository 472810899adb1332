import type { Consumer } from 'kafkajs';
import type { Commits } from './kafka.commits.ts';
import type { PartitionLag } from './kafka.lag.ts';

type Ends = { topic: string; partitions: { partition: number; offset: number }[] }[];

/**
 * In place of committed offsets: where a tail stands, by partition. Its group has a single member and commits
 * nothing, so that the broker forgets it when it leaves; a consumer that is made anew goes on where the last ended.
 */
export type Places = Commits & {
  /** Stands at the end of every partition, the first time. */
  begin(): Promise<void>;
  /** To be called at every join: kafkajs knows no place by itself. */
  seek(consumer: Consumer): void;
  lags(): Promise<PartitionLag[]>;
};

export function createPlaces(ends: () => Promise<Ends>): Places {
  let nextOf: Map<string, Map<number, number>> | undefined;

  const next = (topic: string, partition: number) => nextOf?.get(topic)?.get(partition) ?? 0;

  return {
    async begin() {
      nextOf ??= new Map(
        (await ends()).map(({ topic, partitions }) => [
          topic,
          new Map(partitions.map(({ partition, offset }) => [partition, offset])),
        ]),
      );
    },
    seek(consumer) {
      for (const [topic, partitions] of nextOf ?? [])
        for (const [partition, offset] of partitions)
          consumer.seek({ topic, partition, offset: String(offset) });
    },
    add(_messages, offsets) {
      for (const { topic, partitions } of offsets.uncommittedOffsets().topics)
        for (const { partition, offset } of partitions) {
          const places = nextOf?.get(topic);
          places?.set(partition, Math.max(Number(offset), next(topic, partition)));
        }
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
    async lags() {
      return (await ends()).flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => {
          return { topic, partition, lag: Math.max(0, offset - next(topic, partition)) };
        }),
      );
    },
  };
}
