import type { Database } from '@onecount/db';
import { eventRegistry, topics, type EventType } from '@onecount/events';
import type pg from 'pg';
import { createAlarm, createBackoff, pause, pauseUntil, withDeadline } from './backoff.ts';
import { outboxUnpublished } from './messaging.metrics.ts';
import { onEventsAppended } from './outbox.ts';
import { publishBatch } from './outbox.batch.ts';
import { countUnpublishedStatement, purgeStatement } from './outbox.sql.ts';
import { silentLog, type Transport, type TransportLog } from './transport.ts';

export type OutboxRelay = {
  /** Returns at once; a database or a broker that is not there is waited for. */
  start(): void;
  wake(): void;
  /** Resolves when nothing is unpublished, when another process is the relay, or after the timeout. */
  flush(timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
};

export type OutboxRelayOptions = {
  db: Pick<Database, 'dedicatedClient'>;
  transport: Transport;
  /** Name of the service: its own topics are created if they are missing. */
  service: string;
  pollMs?: number;
  log?: TransportLog;
};

const batchSizeMax = 500;
// Batches leave at least this far apart: the first commit after a pause at once, those that follow closely together.
const coalesceMs = 40;
const standbyMs = 500;
// Commits wake the relay, those of other replicas too; the poll finds what a process left that died in between.
const pollMsDefault = 5_000;
// One statement of its own from a replica that is not the relay, at most 25 a second: no sale waits for its lock.
const wakeChannel = 'onecount_outbox';
const retentionDays = 7;
const purgeEveryMs = 3_600_000;
const queryDeadlineMs = 15_000;
/** Of the advisory lock in every service's own database: whoever has it is the one relay that publishes. */
export const relayLockKey = 7_316_204_116;

/** Publishes the unpublished rows of this service's outbox in the order of their position. */
export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const { pollMs = pollMsDefault, log = silentLog } = options;
  const alarm = createAlarm();
  const stopping = new AbortController();
  const backoff = createBackoff({ firstMs: 100, maxMs: 2_000 });
  let running: Promise<void> | undefined;
  let forget = () => {};
  let isLeading = false;
  let flushWaiters: (() => void)[] = [];
  let purgedAt = -Infinity;

  const settleFlushes = () => {
    for (const resolve of flushWaiters.splice(0)) resolve();
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await withClient(lead);
      } catch (err) {
        log.warn({ err }, 'the outbox relay lost PostgreSQL or the log; it tries again');
        await pause(backoff.nextMs(), stopping.signal);
      }
      isLeading = false;
    }
    settleFlushes();
  }

  async function withClient(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = await options.db.dedicatedClient();
    try {
      await work(client);
    } finally {
      await withDeadline(1_000, 'closing the connection', client.end()).catch(() => undefined);
    }
  }

  /** Waits for the lock, then publishes until something breaks. The lock ends with the connection. */
  async function lead(client: pg.Client): Promise<void> {
    await client.query("SET app.system = 'relay'; SET statement_timeout = '10s'");
    while (!(await hasLock(client))) {
      settleFlushes();
      await standBy(client);
      if (stopping.signal.aborted) return;
    }
    isLeading = true;
    client.on('notification', alarm.ring);
    await client.query(`LISTEN ${wakeChannel}`);
    await options.transport.ensureTopics(ownTopics(options.service));
    while (!stopping.signal.aborted) await step(client);
  }

  /** What this process commits meanwhile, the relay of another must publish. */
  async function standBy(client: pg.Client): Promise<void> {
    if (!(await alarm.wait(standbyMs)) || stopping.signal.aborted) return;
    await client.query(`NOTIFY ${wakeChannel}`);
    await pause(coalesceMs, stopping.signal);
  }

  async function step(client: pg.Client): Promise<void> {
    const startedAt = performance.now();
    // Asked before the poll: rows that came later are not what a flush waits for.
    const waiting = flushWaiters;
    const found = await publishBatch({ client, transport: options.transport, log }, batchSizeMax);
    backoff.reset();
    if (found === batchSizeMax) return reportBacklog(client);
    outboxUnpublished.set(0);
    flushWaiters = flushWaiters.filter((waiter) => !waiting.includes(waiter));
    for (const resolve of waiting) resolve();
    await purgeIfDue(client);
    await alarm.wait(pollMs);
    if (flushWaiters.length === 0) await pauseUntil(startedAt + coalesceMs, stopping.signal);
  }

  async function reportBacklog(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ unpublished: number }>(countUnpublishedStatement);
    outboxUnpublished.set(rows[0]?.unpublished ?? 0);
  }

  async function purgeIfDue(client: pg.Client): Promise<void> {
    if (performance.now() - purgedAt < purgeEveryMs) return;
    purgedAt = performance.now();
    await client.query({ ...purgeStatement, values: [retentionDays] });
  }

  return {
    start() {
      forget = onEventsAppended(alarm.ring);
      running ??= run();
    },
    wake: alarm.ring,
    async flush(timeoutMs = 5_000) {
      if (!running || !isLeading) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      flushWaiters = [...flushWaiters, resolve];
      alarm.ring();
      await Promise.race([promise, pause(timeoutMs, stopping.signal)]);
    },
    async stop() {
      forget();
      stopping.abort();
      alarm.ring();
      await running;
    },
  };
}

async function hasLock(client: pg.Client): Promise<boolean> {
  const asked = client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    relayLockKey,
  ]);
  const { rows } = await withDeadline(queryDeadlineMs, 'asking for the relay lock', asked);
  return rows[0]?.locked === true;
}

function ownTopics(service: string) {
  const own = (Object.keys(eventRegistry) as EventType[])
    .map((type) => eventRegistry[type])
    .filter(({ source }) => source === service)
    .map(({ topic }) => topics[topic]);
  return [...new Set(own)].map(({ name, compacted }) => ({ name, compacted }));
}
