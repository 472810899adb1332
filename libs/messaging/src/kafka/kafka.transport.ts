import { randomUUID } from 'node:crypto';
import { Partitioners, type Admin, type ITopicConfig, type Producer } from 'kafkajs';
import { pause, withDeadline } from '../backoff.ts';
import {
  MessageRefusedError,
  silentLog,
  type SubscribeOptions,
  type Subscription,
  type TopicSpec,
  type Transport,
  type TransportConfig,
  type TransportMessage,
} from '../transport.ts';
import { chunksOf, topicMessagesOf } from './kafka.batch.ts';
import { createKafkaClient } from './kafka.client.ts';
import { createConnection, type Connection } from './kafka.connection.ts';
import { endsOf, partitionLags } from './kafka.lag.ts';
import { createPlaces } from './kafka.places.ts';
import { rewindGroup } from './kafka.rewind.ts';
import { createFetchSockets } from './kafka.sockets.ts';
import { subscribeToKafka, type KafkaSubscriptionDeps } from './kafka.subscription.ts';

const sendTimeoutMs = 10_000;
const healthDeadlineMs = 3_000;
// A product of 2,048 variants is about 1 MB; the default limit of a topic is just below that.
const messageBytesMax = 4_194_304;

export function createKafkaTransport(config: TransportConfig & { brokers: string[] }): Transport {
  const log = config.log ?? silentLog;
  const prefix = config.topicPrefix ?? '';
  const { sessionTimeoutMs = 10_000 } = config;
  const kafka = createKafkaClient(config, log);
  const admin = createConnection(() => kafka.admin());
  const producer = createConnection(() =>
    // Not idempotent: kafkajs mixes up sequence numbers on concurrent sends, and the inbox dedupes.
    // One request at a time, so that a retry never overtakes the batch behind it.
    kafka.producer({
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    }),
  );
  const subscriptions = new Set<Subscription>();

  async function subscribe(
    options: SubscribeOptions,
    of: Pick<KafkaSubscriptionDeps, 'lags' | 'places'>,
  ): Promise<Subscription> {
    const sockets = createFetchSockets();
    const subscription = subscribeToKafka({
      kafka: createKafkaClient(config, log, sockets.socketFactory),
      endFetches: sockets.endFetches,
      log,
      options,
      prefix,
      sessionTimeoutMs,
      ...of,
    });
    subscriptions.add(subscription);
    return subscription;
  }

  return {
    mode: 'kafka',
    ensureTopics: (specs) =>
      admin.use('creating topics', (client) => createTopics(client, config, specs)),
    publish: (messages) => publish(producer, prefix, messages),
    subscribe: (options) =>
      subscribe(options, { lags: (topics) => lags(admin, prefix, options.group, topics) }),
    tail({ name, ...options }) {
      const topics = options.topics.map((topic) => prefix + topic);
      const places = createPlaces(() => admin.use('finding the ends', (to) => endsOf(to, topics)));
      return subscribe(
        { ...options, group: `${name}-${randomUUID()}` },
        { places, lags: places.lags },
      );
    },
    async lag(group, topics) {
      const all = await lags(admin, prefix, group, topics);
      return all.reduce((sum, { lag }) => sum + lag, 0);
    },
    rewind: (options) =>
      admin.use('rewinding a group', (client) =>
        rewindGroup(client, { prefix, membersGoneMs: sessionTimeoutMs + 1_000 }, options),
      ),
    async health() {
      const asked = admin.use('asking the cluster', (client) => client.describeCluster());
      await withDeadline(healthDeadlineMs, 'asking the cluster', asked);
    },
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await Promise.all([producer.close(), admin.close()]);
    },
  };
}

/** Chunk after chunk: the next one only leaves when the one before is acknowledged. */
async function publish(
  producer: Connection<Producer>,
  prefix: string,
  messages: TransportMessage[],
): Promise<void> {
  for (const chunk of chunksOf(messages)) {
    const topicMessages = topicMessagesOf(chunk, prefix);
    await producer.use('publishing', async (client) => {
      try {
        await client.sendBatch({ acks: -1, timeout: sendTimeoutMs, topicMessages });
      } catch (err) {
        throw refusalOr(err);
      }
    });
  }
}

const refusals = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

function refusalOr(err: unknown): unknown {
  const type = (err as { type?: unknown }).type;
  return typeof type === 'string' && refusals.has(type)
    ? new MessageRefusedError(`Kafka refuses the message: ${type}`, { cause: err })
    : err;
}

async function createTopics(
  admin: Admin,
  config: TransportConfig,
  specs: TopicSpec[],
): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const prefix = config.topicPrefix ?? '';
  const missing = specs
    .map((spec) => topicConfigOf(spec, prefix, config.partitions))
    .filter(({ topic }) => !existing.has(topic));
  if (missing.length === 0) return;
  // Replication factor -1 is the broker's own default: 1 on a laptop, 3 in production.
  await admin.createTopics({ topics: missing, waitForLeaders: false });
  await leadersKnown(
    admin,
    missing.map(({ topic }) => topic),
  );
}

const unknownYet = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);

/**
 * A send right after the creation must not meet a partition without a leader. kafkajs's own waiting ends in
 * an error when a busy broker has not heard of the new topic yet.
 */
async function leadersKnown(admin: Admin, topics: string[]): Promise<void> {
  for (;;) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics });
      const partitions = metadata.topics.flatMap((topic) => topic.partitions);
      if (partitions.every(({ leader }) => leader >= 0)) return;
    } catch (err) {
      if (!unknownYet.has(String((err as { type?: unknown }).type))) throw err;
    }
    await pause(50);
  }
}

function topicConfigOf(spec: TopicSpec, prefix: string, partitions: number): ITopicConfig {
  const configEntries = [{ name: 'max.message.bytes', value: String(messageBytesMax) }];
  if (spec.compacted) configEntries.push({ name: 'cleanup.policy', value: 'compact' });
  return {
    topic: prefix + spec.name,
    numPartitions: spec.partitions ?? partitions,
    replicationFactor: -1,
    configEntries,
  };
}

const lagAttemptsMax = 3;

/** Tried again: kafkajs gives up at once when a new topic's leader is not known everywhere yet. */
async function lags(admin: Connection<Admin>, prefix: string, group: string, names: string[]) {
  const asked = { group: prefix + group, topics: names.map((name) => prefix + name) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await admin.use('measuring the lag', (client) => partitionLags(client, asked));
    } catch (err) {
      if (attempt === lagAttemptsMax) throw err;
      await pause(attempt * 200);
    }
  }
}
