import { eventually } from '@onecount/testing';
import type { ReceivedMessage, Transport } from '@onecount/messaging';
import { allTopicNames } from '../../verify/topics.ts';

export type EventLog = {
  /** All messages of all topics so far, in the order of their partitions. */
  messages(): Promise<ReceivedMessage[]>;
  /** What has been read by now, without waiting. */
  known(): readonly ReceivedMessage[];
  close(): Promise<void>;
};

const group = 'onecount-follow';

/** Reads along: a group that starts anew for each check joins first, and reads everything each time. */
export async function followEventLog(transport: Transport): Promise<EventLog> {
  const messages: ReceivedMessage[] = [];
  const topics = allTopicNames();
  const subscription = await transport.subscribe({
    ...{ group, topics },
    onMessages: async (delivered) => {
      messages.push(...delivered);
      return delivered.length;
    },
  });
  await subscription.joined;
  return {
    known: () => messages,
    async messages() {
      await eventually(async () => (await transport.lag(group, topics)) === 0);
      return messages;
    },
    close: () => subscription.stop(),
  };
}
