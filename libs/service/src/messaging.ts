import type { ServiceConfig } from '@onecount/config';
import type { Database } from '@onecount/db';
import { topics } from '@onecount/events';
import {
  createInboxConsumer,
  createOutboxRelay,
  createTransport,
  type EventHandler,
  type Transport,
} from '@onecount/messaging';
import type { Logger } from '@onecount/telemetry';
import type { PartReport } from './health.ts';
import { reasonOf } from './host.ts';

export type Messaging = {
  /** Begins in the background and keeps trying: without an event log there are no events, but sales go on. */
  start(): void;
  wakeRelay(): void;
  stopConsuming(): Promise<void>;
  /** Publishes what is left in the outbox, then closes. */
  close(): Promise<void>;
  report(): Promise<PartReport>;
  /** How the relay or the consumer stands; both follow the transport. */
  reportStarted(): Promise<PartReport>;
};

export type MessagingOptions = {
  service: string;
  config: ServiceConfig;
  db: Database;
  handlers: EventHandler[];
  log: Logger;
};

type Running = {
  transport: Transport;
  relay: ReturnType<typeof createOutboxRelay>;
  consumer: ReturnType<typeof createInboxConsumer> | undefined;
};

const retryMsMin = 500;
const retryMsMax = 5000;

export function createMessaging(options: MessagingOptions): Messaging {
  let running: Running | undefined;
  let failure: string | undefined;
  let isStopped = false;
  let wait: { timer: NodeJS.Timeout; retryMs: number } | undefined;

  const attempt = async (retryMs: number): Promise<void> => {
    try {
      const begun = await begin(options);
      if (isStopped) return await end(begun);
      running = begun;
      failure = undefined;
    } catch (err) {
      failure = reasonOf(err);
      options.log.warn({ reason: failure }, 'the event log is not available, trying again');
      if (isStopped) return;
      const timer = setTimeout(() => void attempt(Math.min(retryMs * 2, retryMsMax)), retryMs);
      wait = { timer, retryMs };
    }
  };

  return {
    start: () => void attempt(retryMsMin),
    wakeRelay: () => running?.relay.wake(),
    async stopConsuming() {
      isStopped = true;
      clearTimeout(wait?.timer);
      await running?.consumer?.stop();
    },
    async close() {
      if (running) await end(running);
      running = undefined;
    },
    async report() {
      if (!running) return failure ? { status: 'failed', reason: failure } : { status: 'starting' };
      await running.transport.health();
      return { status: 'ok' };
    },
    async reportStarted() {
      if (running) return { status: 'ok' };
      return { status: failure ? 'failed' : 'starting' };
    },
  };
}

async function begin(options: MessagingOptions): Promise<Running> {
  const transport = await createTransport(transportConfig(options));
  try {
    const partitions = options.config.KAFKA_PARTITIONS;
    await transport.ensureTopics(
      Object.values(topics).map(({ name, compacted }) => ({ name, compacted, partitions })),
    );
    const relay = createOutboxRelay({ ...options, transport });
    const consumer = consumerOf(options, transport);
    await consumer?.start();
    await relay.start();
    return { transport, relay, consumer };
  } catch (err) {
    await transport.close().catch(() => undefined);
    throw err;
  }
}

async function end({ relay, consumer, transport }: Running): Promise<void> {
  await consumer?.stop();
  await relay.flush().catch(() => undefined);
  await relay.stop();
  await transport.close();
}

function consumerOf({ service, db, handlers, log }: MessagingOptions, transport: Transport) {
  if (handlers.length === 0) return undefined;
  return createInboxConsumer({ db, transport, group: `onecount-${service}`, handlers, log });
}

function transportConfig({ service, config, log }: MessagingOptions) {
  return {
    brokers: config.KAFKA_BROKERS,
    eventLogUrl: config.EVENT_LOG_URL,
    clientId: `onecount-${service}`,
    topicPrefix: config.TOPIC_PREFIX,
    partitions: config.KAFKA_PARTITIONS,
    log,
  };
}
