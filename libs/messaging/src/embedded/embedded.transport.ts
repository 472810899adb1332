import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import pg from 'pg';
import { withDeadline } from '../backoff.ts';
import {
  MessageRefusedError,
  silentLog,
  type SubscribeOptions,
  type Subscription,
  type Transport,
  type TransportConfig,
  type TransportMessage,
} from '../transport.ts';
import { rewindGroup } from './embedded.rewind.ts';
import { subscribeToEventLog } from './embedded.subscription.ts';
import { migrateEventLog } from './event-log.migration.ts';
import {
  appendStatement,
  beginAtEndStatement,
  compactStatement,
  createTopicStatement,
  expireStatement,
  forgetGroupStatement,
  groupStatement,
  lagStatement,
  partitionsStatement,
} from './event-log.sql.ts';

const healthDeadlineMs = 3_000;
const housekeepingEveryMs = 300_000;
const retentionDays = 7;
const compactionGraceSeconds = 60;

/** An event log in a PostgreSQL database of its own: for development and tests where Kafka is not. */
export function createEmbeddedTransport(
  config: TransportConfig & { eventLogUrl: string },
): Transport {
  const { eventLogUrl } = config;
  const log = config.log ?? silentLog;
  const prefix = config.topicPrefix ?? '';
  const pool = poolOf(config);
  const partitionsByTopic = new Map<string, number[]>();
  const subscriptions = new Set<Subscription>();
  let migrated: Promise<void> | undefined;
  // Between its connecting and its lending a client has no listener of the pool.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  pool.on('error', (err) => log.warn({ err }, 'a connection to the event log broke'));
  const housekeeping = setInterval(
    () =>
      void tidy(pool).catch((err: unknown) => log.warn({ err }, 'the event log was not tidied')),
    housekeepingEveryMs,
  ).unref();

  async function ready(): Promise<pg.Pool> {
    migrated ??= withPoolClient(pool, migrateEventLog);
    try {
      await migrated;
    } catch (err) {
      migrated = undefined;
      throw err;
    }
    return pool;
  }

  async function partitionsOf(topic: string): Promise<number[]> {
    const known = partitionsByTopic.get(topic);
    if (known) return known;
    const { rows } = await (
      await ready()
    ).query<{ id: number }>({
      ...partitionsStatement,
      values: [[prefix + topic]],
    });
    if (rows.length === 0) throw new MessageRefusedError(`topic ${topic} does not exist`);
    const ids = rows.map(({ id }) => id);
    partitionsByTopic.set(topic, ids);
    return ids;
  }

  const subscribe = (options: SubscribeOptions): Subscription =>
    subscribeToEventLog({ eventLogUrl, prefix, log, options, clientId: config.clientId });

  function kept(subscription: Subscription): Subscription {
    subscriptions.add(subscription);
    return subscription;
  }

  async function publish(messages: TransportMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const ids: number[] = [];
    for (const { topic, key } of messages) {
      const partitions = await partitionsOf(topic);
      ids.push(partitions[crc32(key) % partitions.length]!);
    }
    await (
      await ready()
    ).query({
      ...appendStatement,
      values: [
        ids,
        messages.map(({ key }) => key),
        messages.map(({ headers }) => JSON.stringify(headers)),
        messages.map(({ value }) => value),
      ],
    });
  }

  return {
    mode: 'embedded',
    async ensureTopics(specs) {
      await ready();
      for (const { name, compacted = false, partitions = config.partitions } of specs) {
        const values = [prefix + name, compacted, partitions];
        await pool.query({ ...createTopicStatement, values });
      }
    },
    publish,
    async subscribe(options) {
      await ready();
      return kept(subscribe(options));
    },
    async tail({ name, ...options }) {
      const group = `${name}-${randomUUID()}`;
      const topics = options.topics.map((topic) => prefix + topic);
      const { rows } = await (
        await ready()
      ).query<{ id: number }>({ ...groupStatement, values: [prefix + group] });
      const groupId = rows[0]!.id;
      await pool.query({ ...beginAtEndStatement, values: [groupId, topics] });
      const member = subscribe({ ...options, group });
      const stop = async () => {
        await member.stop();
        // What is left by one that was killed is a name and a place for each partition.
        await pool.query({ ...forgetGroupStatement, values: [groupId] });
      };
      return kept({ ...member, stop });
    },
    async lag(group, topics) {
      const values = [prefix + group, topics.map((name) => prefix + name)];
      const { rows } = await (await ready()).query<{ lag: string }>({ ...lagStatement, values });
      return Number(rows[0]?.lag ?? 0);
    },
    async rewind(options) {
      return withPoolClient(await ready(), (client) => rewindGroup(client, prefix, options));
    },
    async health() {
      await withDeadline(healthDeadlineMs, 'asking the event log', pool.query('SELECT 1'));
    },
    async close() {
      clearInterval(housekeeping);
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await pool.end();
    },
  };
}

const poolOf = ({ eventLogUrl, clientId }: TransportConfig) =>
  new pg.Pool({
    connectionString: eventLogUrl,
    application_name: `${clientId} event log`,
    max: 3,
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
    options: '-c statement_timeout=15s -c lock_timeout=10s',
  });

async function withPoolClient<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/**
 * Retention and compaction, kept simple: superseded records of compacted topics go after a minute's
 * grace, others after seven days. Running it in several processes at once only repeats the work.
 */
async function tidy(pool: pg.Pool): Promise<void> {
  await pool.query({ ...compactStatement, values: [compactionGraceSeconds] });
  await pool.query({ ...expireStatement, values: [retentionDays] });
}
