import type { Admin } from 'kafkajs';
import { pause } from '../backoff.ts';
import { GroupInUseError, type RewindOptions, type Rewound } from '../transport.ts';

const membersPollMs = 250;

type Back = { partition: number; from: number; messages: number };

/** As Transport.rewind. The broker finds the place by the time that the producer gave each message. */
export async function rewindGroup(
  admin: Admin,
  { prefix, membersGoneMs }: { prefix: string; membersGoneMs: number },
  { group, topics, since, isDryRun }: RewindOptions,
): Promise<Rewound[]> {
  const groupId = prefix + group;
  if (!isDryRun) await expectNoMembers(admin, groupId, membersGoneMs);
  const rewound: Rewound[] = [];
  for (const name of topics) {
    const topic = prefix + name;
    const back = await partitionsBeyond(admin, { groupId, topic, since });
    if (!isDryRun && back.length > 0) {
      const partitions = back.map(({ partition, from }) => ({ partition, offset: String(from) }));
      await admin.setOffsets({ groupId, topic, partitions });
    }
    const messages = back.reduce((sum, each) => sum + each.messages, 0);
    rewound.push({ topic: name, messages });
  }
  return rewound;
}

/** Whoever was killed, or left without a word, is a member for as long as the broker waits for its heartbeat. */
async function expectNoMembers(admin: Admin, groupId: string, withinMs: number): Promise<void> {
  const endsAt = performance.now() + withinMs;
  for (;;) {
    const { groups } = await admin.describeGroups([groupId]);
    const members = groups.reduce((sum, each) => sum + each.members.length, 0);
    if (members === 0) return;
    if (performance.now() > endsAt)
      throw new GroupInUseError(`${groupId} has ${members} members: end them first`);
    await pause(membersPollMs);
  }
}

async function partitionsBeyond(
  admin: Admin,
  { groupId, topic, since }: { groupId: string; topic: string; since: Date },
): Promise<Back[]> {
  const [[committed], starts] = await Promise.all([
    admin.fetchOffsets({ groupId, topics: [topic] }),
    admin.fetchTopicOffsetsByTimestamp(topic, since.getTime()),
  ]);
  const startOf = new Map(starts.map(({ partition, offset }) => [partition, Number(offset)]));
  return (committed?.partitions ?? []).flatMap(({ partition, offset }) => {
    // -1, nothing committed: such a partition begins at its oldest message anyway.
    const messages = Number(offset) - (startOf.get(partition) ?? Number(offset));
    return messages > 0 ? [{ partition, from: Number(offset) - messages, messages }] : [];
  });
}
