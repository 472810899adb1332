import type { Database } from '@onecount/db';
import {
  eventRegistry,
  EventInvalidError,
  fromMessage,
  topics,
  type DomainEvent,
} from '@onecount/events';
import { createBackoff, pause } from './backoff.ts';
import { isConnectionFailure, isContention } from './connection-failure.ts';
import {
  buryMessage,
  countDeadEvents,
  listDeadEvents,
  replayDeadEvents,
  type DeadEvent,
  type ReplayResult,
} from './dead-event.ts';
import { applyEvent } from './inbox.apply.ts';
import type { EventHandler } from './inbox.ts';
import { consumerLag, inboxFailed } from './messaging.metrics.ts';
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
  /** The oldest dead events, at most `max`. */
  deadEvents(max: number): Promise<DeadEvent[]>;
  lag(): Promise<number>;
};

export type InboxConsumerOptions = {
  db: Database;
  transport: Transport;
  group: string;
  handlers: readonly EventHandler[];
  /** Failed attempts after which an event becomes a dead event. */
  attemptsMax?: number;
  log?: TransportLog;
};

const reportEveryMs = 15_000;
// Of contention, where every attempt may wait 5 s for a lock and then 5 s more: minutes, not for ever.
const contentionFactor = 12;

/** One subscription for all handlers of a service; see EventHandler for what a handler promises. */
export function createInboxConsumer(options: InboxConsumerOptions): InboxConsumer {
  const { db, transport, group, handlers, attemptsMax = 5, log = silentLog } = options;
  const byType = handlersByType(handlers);
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
        subscription = await transport.subscribe({ group, topics: topicNames, onMessage });
        void subscription.joined.then(joined.resolve);
      } catch (err) {
        log.warn({ err, group }, 'the consumer could not subscribe; it tries again');
        await pause(backoff.nextMs(), stopping.signal);
      }
    }
  }

  async function onMessage(message: ReceivedMessage): Promise<void> {
    const type = message.headers['ce_type'];
    const interested = type === undefined ? undefined : byType.get(type);
    if (type !== undefined && !interested) return;
    const event = interested ? eventOrProblem(message) : new Error('ce_type is missing');
    if (event instanceof Error) {
      // Buried once per handler, so that each can apply it once the schema accepts it.
      const names = interested?.map(({ consumer }) => consumer) ?? [group];
      for (const consumer of names) await bury(message, consumer, event, 1);
      return;
    }
    for (const handler of interested ?? []) {
      if (handler.concerns?.(event) ?? true) await applyOrBury(handler, event, message);
    }
  }

  // Failed attempts of what is in work. In memory: a process that dies starts counting again.
  const attempts = new Map<string, { failed: number; contended: number }>();

  /** Throwing hands the message back to the transport, which brings it again after a back-off. */
  async function applyOrBury(
    handler: EventHandler,
    event: DomainEvent,
    message: ReceivedMessage,
  ): Promise<void> {
    const { consumer } = handler;
    const counted = `${consumer} ${event.id}`;
    try {
      await applyEvent(db, handler, event);
    } catch (err) {
      // PostgreSQL is away: not the event's fault, and no attempt of it.
      if (isConnectionFailure(err)) throw err;
      inboxFailed.inc({ consumer });
      const spent = attempts.get(counted) ?? { failed: 0, contended: 0 };
      attempts.set(counted, spent);
      // Apart from the failures: one real failure after a bad minute must not be the last.
      if (isContention(err)) spent.contended += 1;
      else spent.failed += 1;
      if (spent.failed < attemptsMax && spent.contended < attemptsMax * contentionFactor) throw err;
      await bury(message, consumer, err, spent.failed + spent.contended);
    }
    attempts.delete(counted);
  }

  async function bury(
    message: ReceivedMessage,
    consumer: string,
    reason: unknown,
    attempts: number,
  ): Promise<void> {
    await buryMessage(db, { message, consumer, reason, attempts });
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
    deadEvents: (max) => listDeadEvents(db, max),
    lag: () => transport.lag(group, topicNames),
  };
}

function eventOrProblem(message: ReceivedMessage): DomainEvent | Error {
  try {
    return fromMessage(message);
  } catch (err) {
    if (err instanceof EventInvalidError) return err;
    throw err;
  }
}

function handlersByType(handlers: readonly EventHandler[]): Map<string, EventHandler[]> {
  const byType = new Map<string, EventHandler[]>();
  for (const handler of handlers) {
    const others = byType.get(handler.type) ?? [];
    if (others.some(({ consumer }) => consumer === handler.consumer)) {
      throw new Error(`two handlers of ${handler.type} are named ${handler.consumer}`);
    }
    byType.set(handler.type, [...others, handler]);
  }
  return byType;
}

function topicsOf(handlers: readonly EventHandler[]) {
  const wanted = new Set(handlers.map(({ type }) => topics[eventRegistry[type].topic]));
  return [...wanted].map(({ name, compacted }) => ({ name, compacted }));
}
