import type { Database } from '@onecount/db';
import { eventRegistry, topics } from '@onecount/events';
import { createBackoff, pause } from './backoff.ts';
import {
  countDeadEvents,
  deadLetterMessage,
  discardDeadEvent,
  listDeadEvents,
  replayDeadEvents,
  type DeadEvent,
  type Discard,
  type ReplayResult,
} from './dead-event.ts';
import { createDelivery } from './inbox.deliver.ts';
import type { EventHandler } from './inbox.ts';
import { consumerLag } from './messaging.metrics.ts';
import {
  silentLog,
  type ReceivedMessage,
  type Subscription,
  type Transport,
  type TransportLog,
} from './transport.ts';

export type InboxConsumer = {
  /** Returns at once; a log that is not there is waited for. */
  start(): void;
  /** Resolves once the group was joined for the first time. */
  joined(): Promise<void>;
  stop(): Promise<void>;
  /** Applies dead events again, all or the one with this id. */
  replayDead(id?: string): Promise<ReplayResult>;
  deadCount(): Promise<number>;
  /** The oldest dead events, at most `max`; with `areDiscarded` those that were put away. */
  deadEvents(of: { max: number; areDiscarded: boolean }): Promise<DeadEvent[]>;
  /** Puts one away that nobody will ever apply; false when none waits under this id. */
  discardDead(of: Discard): Promise<boolean>;
  lag(): Promise<number>;
};

export type InboxConsumerOptions = {
  db: Database;
  transport: Transport;
  group: string;
  handlers: readonly EventHandler[];
  /** See SubscribeOptions. */
  fetchEveryMs?: number | undefined;
  /** Failed attempts after which an event becomes a dead event. */
  attemptsMax?: number;
  log?: TransportLog;
};

// Kafka is asked for the ends of every partition, which costs it as much as a sale.
const reportEveryMs = 30_000;

/** One subscription for all handlers of a service; see EventHandler for what a handler promises. */
export function createInboxConsumer(options: InboxConsumerOptions): InboxConsumer {
  const { db, transport, group, handlers, attemptsMax = 5, log = silentLog } = options;
  const { fetchEveryMs } = options;
  const onMessages = createDelivery({ db, group, handlers, attemptsMax, deadLetter, log });
  const specs = topicsOf(handlers);
  const topicNames = specs.map(({ name }) => name);
  const consumers = handlers.map(({ consumer }) => consumer);
  const stopping = new AbortController();
  const joined = Promise.withResolvers<void>();
  let subscription: Subscription | undefined;
  let running: Promise<unknown> | undefined;

  async function subscribe(): Promise<void> {
    const backoff = createBackoff({ firstMs: 200, maxMs: 5_000 });
    while (!stopping.signal.aborted && !subscription) {
      try {
        await transport.ensureTopics(specs);
        const topics = topicNames;
        subscription = await transport.subscribe({ group, topics, fetchEveryMs, onMessages });
        void subscription.joined.then(joined.resolve);
      } catch (err) {
        log.warn({ err, group }, 'the consumer could not subscribe; it tries again');
        await pause(backoff.nextMs(), stopping.signal);
      }
    }
  }

  async function deadLetter(
    message: ReceivedMessage,
    { consumer, reason, attempts }: { consumer: string; reason: unknown; attempts: number },
  ): Promise<void> {
    await deadLetterMessage(db, { message, consumer, reason, attempts });
    const { topic, partition, offset } = message;
    const place = { consumer, topic, partition, offset, eventId: message.headers['ce_id'] };
    log.error({ ...place, attempts, err: reason }, 'an event was given up on; see dead_event');
    await countDeadEvents(db, consumers);
  }

  async function report(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await countDeadEvents(db, consumers);
        if (subscription) consumerLag.set({ group }, await transport.lag(group, topicNames));
      } catch (err) {
        log.warn({ err, group }, 'the consumer could not measure its lag');
      }
      await pause(reportEveryMs, stopping.signal);
    }
  }

  return {
    start() {
      if (handlers.length > 0) running ??= Promise.all([subscribe(), report()]);
      else joined.resolve();
    },
    joined: () => joined.promise,
    async stop() {
      stopping.abort();
      await running;
      await subscription?.stop();
    },
    async replayDead(id) {
      const result = await replayDeadEvents(db, handlers, id);
      await countDeadEvents(db, consumers);
      return result;
    },
    deadCount: () => countDeadEvents(db, consumers),
    deadEvents: (of) => listDeadEvents(db, of),
    async discardDead(of) {
      const isDiscarded = await discardDeadEvent(db, of);
      await countDeadEvents(db, consumers);
      return isDiscarded;
    },
    lag: () => transport.lag(group, topicNames),
  };
}

function topicsOf(handlers: readonly EventHandler[]) {
  const wanted = new Set(handlers.map(({ type }) => topics[eventRegistry[type].topic]));
  return [...wanted].map(({ name, compacted }) => ({ name, compacted }));
}
