import type { Admin } from 'kafkajs';

export type PartitionLag = { topic: string; partition: number; lag: number };

/** Messages between the committed offset and the end, per partition. Topic names with their prefix. */
export async function partitionLags(
  admin: Admin,
  { group, topics }: { group: string; topics: string[] },
): Promise<PartitionLag[]> {
  const [committed, ...ends] = await Promise.all([
    admin.fetchOffsets({ groupId: group, topics }),
    ...topics.map((topic) => admin.fetchTopicOffsets(topic)),
  ]);
  const done = new Map(
    committed.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic}/${partition}`, Number(offset)] as const),
    ),
  );
  return topics.flatMap((topic, index) =>
    (ends[index] ?? []).map(({ partition, high, low }) => {
      // -1: nothing committed yet; the group begins at the oldest message.
      const from = Math.max(done.get(`${topic}/${partition}`) ?? -1, Number(low));
      return { topic, partition, lag: Math.max(0, Number(high) - from) };
    }),
  );
}

/** Where the next message of each partition will stand. */
export function endsOf(admin: Admin, topics: string[]) {
  return Promise.all(
    topics.map(async (topic) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      const partitions = offsets.map(({ partition, high }) => ({
        partition,
        offset: Number(high),
      }));
      return { topic, partitions };
    }),
  );
}
