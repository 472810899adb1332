import type { ServiceConfig } from '@onecount/config';
import type { Database } from '@onecount/db';
import {
  createInboxConsumer,
  createOutboxRelay,
  createTransport,
  transportRefusal,
  transportSettings,
  type EventHandler,
  type InboxConsumer,
  type OutboxRelay,
  type Transport,
} from '@onecount/messaging';
import { StartError, type HealthPart, type LineLog } from '@onecount/process';

export type Messaging = {
  relay: OutboxRelay;
  /** Undefined for a service that consumes nothing. */
  consumer: InboxConsumer | undefined;
  /** Returns at once: without an event log there are no events, but sales go on into the outbox. */
  start(): void;
  stopConsuming(): Promise<void>;
  /** Publishes what is left in the outbox, then closes. */
  close(): Promise<void>;
  healthParts: HealthPart[];
};

export type MessagingOptions = {
  service: string;
  transport: Transport;
  db: Database;
  handlers: EventHandler[];
  fetchEveryMs?: number | undefined;
  log: LineLog;
};

// What the drain may spend on a log that does not answer; the rows stay in the outbox.
const flushMsMax = 2000;

export function createMessaging(options: MessagingOptions): Messaging {
  const { service, transport, db, handlers, fetchEveryMs, log } = options;
  const group = `onecount-${service}`;
  const relay = createOutboxRelay({ db, transport, service, log });
  const consumer =
    handlers.length === 0
      ? undefined
      : createInboxConsumer({ db, transport, group, handlers, fetchEveryMs, log });
  return {
    relay,
    consumer,
    start() {
      relay.start();
      consumer?.start();
    },
    async stopConsuming() {
      await consumer?.stop();
    },
    async close() {
      await relay.flush(flushMsMax);
      await relay.stop();
      await transport.close();
    },
    healthParts: healthParts({ check: () => transport.health(), consumer }),
  };
}

function healthParts(of: {
  check(): Promise<void>;
  consumer: InboxConsumer | undefined;
}): HealthPart[] {
  let hasJoined = of.consumer === undefined;
  void of.consumer?.joined().then(() => (hasJoined = true));
  const isAnswering = async () => {
    await of.check();
    return { status: 'ok' as const };
  };
  // A consumer that has not joined yet is starting; while the log is away it has failed, and the
  // service serves without it.
  const hasConsumer = async () => {
    if (hasJoined) return { status: 'ok' as const };
    await of.check();
    return { status: 'starting' as const };
  };
  return [
    { name: 'messaging', isRequired: false, check: isAnswering },
    { name: 'consumer', isRequired: false, check: hasConsumer },
  ];
}

/**
 * Away, Kafka is waited for; refused by it, this process would never publish anything: a person must know now, and a
 * roll-out must not put it in the place of one that is accepted.
 */
export async function openTransport(
  service: string,
  config: ServiceConfig,
  log: LineLog,
): Promise<Transport> {
  const settings = { ...transportSettings(config), clientId: `onecount-${service}`, log };
  const refusal = settings.security && (await transportRefusal(settings));
  if (refusal) throw new StartError(`Kafka and this service do not accept each other: ${refusal}`);
  return createTransport(settings);
}
