import { randomBytes } from 'node:crypto';
import type { Transport } from '@onecount/messaging';
import { testStack } from './config.ts';
import { emptyDatabase } from './database.ts';

const partitions = 4;

async function brokers(): Promise<string[]> {
  const response = await fetch(`${testStack().url}/kafka`, { method: 'POST' });
  const body = (await response.json()) as { brokers?: string[]; error?: string };
  if (!body.brokers) throw new Error(`no Kafka for this test: ${body.error}`);
  return body.brokers;
}

export type TestTransport = Transport & {
  topicPrefix: string;
  /** What a service's configuration needs to reach the same topics. */
  env: Record<string, string>;
  /** A further connection to the same topics, as another process would have. */
  again(): Promise<Transport>;
};

/**
 * A transport whose topics no other test file sees. `kafka` starts the run's one broker when the first
 * test asks for it; `embedded` gets an event log in a database of its own. close() removes what is its own.
 */
export async function testTransport(mode: 'kafka' | 'embedded'): Promise<TestTransport> {
  const { createTransport } = await import('@onecount/messaging');
  const topicPrefix = `t${randomBytes(4).toString('hex')}.`;
  const database = mode === 'embedded' ? await emptyDatabase() : undefined;
  const address = database ? { eventLogUrl: database.ownerUrl } : { brokers: await brokers() };
  const create = () => createTransport({ ...address, clientId: 'test', topicPrefix, partitions });
  const transport = await create();
  const further: Transport[] = [];
  return {
    ...transport,
    topicPrefix,
    env: {
      TOPIC_PREFIX: topicPrefix,
      KAFKA_PARTITIONS: String(partitions),
      ...(database
        ? { EVENT_LOG_URL: database.ownerUrl }
        : { KAFKA_BROKERS: address.brokers!.join(',') }),
    },
    async again() {
      const other = await create();
      further.push(other);
      return other;
    },
    async close() {
      await Promise.all([transport, ...further].map((each) => each.close()));
      await database?.drop();
    },
  };
}
