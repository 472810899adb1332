import { randomUUID } from 'node:crypto';
import { testTransport } from '@onecount/testing';
import { createTransport, type Transport } from '../src/index.ts';
import type { ReceivedMessage, SubscribeOptions, TransportMessage } from '../src/index.ts';

export const modes = ['kafka', 'embedded'] as const;
export type Mode = (typeof modes)[number];
export const partitions = 4;

/** Transports over topics of one test file, as several processes would have them. */
export async function transportDriver(mode: Mode) {
  const base = await testTransport(mode);
  const opened: Transport[] = [];
  const address = {
    brokers: base.env['KAFKA_BROKERS']?.split(','),
    eventLogUrl: base.env['EVENT_LOG_URL'],
    topicPrefix: base.topicPrefix,
    partitions,
    // The least that a broker grants: a killed member is noticed after this long.
    sessionTimeoutMs: 6_000,
  };
  return {
    address,
    async open(clientId = 'contract'): Promise<Transport> {
      const transport = await createTransport({ ...address, clientId });
      opened.push(transport);
      return transport;
    },
    async freshTopic(transport: Transport, compacted = false): Promise<string> {
      const name = `contract.${randomUUID()}`;
      await transport.ensureTopics([{ name, compacted, partitions }]);
      return name;
    },
    async close(): Promise<void> {
      await Promise.all(opened.map((transport) => transport.close()));
      await base.close();
    },
  };
}
export type Driver = Awaited<ReturnType<typeof transportDriver>>;

export const message = (topic: string, key: string, value: string): TransportMessage => ({
  topic,
  key,
  headers: { 'content-type': 'text/plain', ce_id: value },
  value,
});

/** One after the other, up to the first that fails. */
export const each =
  (take: (message: ReceivedMessage) => Promise<void>): SubscribeOptions['onMessages'] =>
  async (messages) => {
    for (const [index, message] of messages.entries()) {
      const isTaken = await take(message).then(
        () => true,
        () => false,
      );
      if (!isTaken) return index;
    }
    return messages.length;
  };

/**
 * What arrived, in the order of arrival; a second delivery of a record counts. A record that the producer
 * wrote twice does not: delivery is at least once, and a send that fails for one partition goes again
 * for all that share its request.
 */
export function createInbox() {
  const received: ReceivedMessage[] = [];
  const isResent = ({ topic, partition, offset, key, headers }: ReceivedMessage) =>
    received.some(
      (m) =>
        m.topic === topic &&
        m.partition === partition &&
        m.offset !== offset &&
        m.key === key &&
        m.headers['ce_id'] === headers['ce_id'],
    );
  return {
    received,
    async onMessages(messages: ReceivedMessage[]) {
      for (const message of messages) if (!isResent(message)) received.push(message);
      return messages.length;
    },
    values: () => received.map(({ value }) => value),
    valuesOf: (key: string) => received.filter((m) => m.key === key).map(({ value }) => value),
    partitions: () => new Set(received.map(({ partition }) => partition)),
  };
}
