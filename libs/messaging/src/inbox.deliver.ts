import type { Database } from '@onecount/db';
import { EventInvalidError, fromMessage, plainMessage } from '@onecount/events';
import { isConnectionFailure, isContention } from '@onecount/outage';
import { applyEffects, type Progress } from './inbox.apply.ts';
import { createGroups } from './inbox.group.ts';
import type { Effect, EventHandler } from './inbox.ts';
import { inboxFailed, inboxSkipped } from './messaging.metrics.ts';
import type { ReceivedMessage, TransportLog } from './transport.ts';

export type DeliverDeps = {
  db: Database;
  group: string;
  handlers: readonly EventHandler[];
  attemptsMax: number;
  deadLetter(
    message: ReceivedMessage,
    of: { consumer: string; reason: unknown; attempts: number },
  ): Promise<void>;
  log: TransportLog;
};

type Delivered = Effect & { message: ReceivedMessage; isDone: boolean };
type Entry = { message: ReceivedMessage; effects: Delivered[]; problem?: Error };
/** Of a group under way: from which offset on a partition must come again, and whether all of the rest must. */
type Course = { failedAt: Map<string, number>; isOver: boolean };

// Of contention, where every attempt may wait 5 s for a lock and then 5 s more: minutes, not for ever.
const contentionFactor = 12;

/** Answers how many of the messages of one partition are done, from the first on; the rest must come again. */
export function createDelivery(deps: DeliverDeps) {
  const { db, log, attemptsMax } = deps;
  const byType = handlersByType(deps.handlers);
  // Failed attempts of what is in work. In memory: a process that dies starts counting again.
  const attempts = new Map<string, { failed: number; contended: number }>();
  const inGroup = createGroups(applyGroup);

  async function deliver(messages: ReceivedMessage[]): Promise<number> {
    const entries = messages.map(read);
    const effects = entries.flatMap((entry) => entry.effects);
    if (effects.length > 0) await inGroup(effects);
    for (const [index, entry] of entries.entries()) {
      if (entry.effects.some(({ isDone }) => !isDone)) return index;
      if (entry.problem) await giveUpUnread(entry.message, entry.problem);
    }
    return entries.length;
  }

  function read(received: ReceivedMessage): Entry {
    const type = received.headers['ce_type'];
    if (type === undefined)
      return { message: received, effects: [], problem: new Error('ce_type is missing') };
    const ofType = byType.get(type) ?? [];
    const message = ofType.length === 0 ? received : plainOrProblem(received);
    if (message instanceof Error) return { message: received, effects: [], problem: message };
    const handlers = ofType.filter(({ mayConcern }) => mayConcern?.(message.value) ?? true);
    if (handlers.length === 0) {
      inboxSkipped.inc({ by: ofType.length === 0 ? 'type' : 'body' });
      return { message, effects: [] };
    }
    const event = eventOrProblem(message);
    if (event instanceof Error) return { message, effects: [], problem: event };
    const effects = handlers
      .filter((handler) => handler.concerns?.(event) ?? true)
      .map((handler) => ({ handler, event, message, isDone: false }));
    return { message, effects };
  }

  /** Once per handler, so that each can apply it once the schema accepts it. */
  async function giveUpUnread(message: ReceivedMessage, reason: Error): Promise<void> {
    const ofType = byType.get(message.headers['ce_type'] ?? '');
    const consumers = ofType?.map(({ consumer }) => consumer) ?? [deps.group];
    for (const consumer of consumers)
      await deps.deadLetter(message, { consumer, reason, attempts: 1 });
  }

  /** Throws when PostgreSQL is away; whatever else happens is answered by `isDone`. */
  async function applyGroup(effects: Delivered[]): Promise<void> {
    const course: Course = { failedAt: new Map(), isOver: false };
    for (const ofTenant of Map.groupBy(effects, ({ event }) => event.tenantId).values()) {
      for (const part of partsOf(ofTenant)) await applyPart(part, course);
    }
  }

  // What failed before goes alone: then it is to blame, and takes nobody with it.
  const isAlone = (effect: Delivered) =>
    effect.handler.isAlone === true || attempts.has(countedAs(effect));

  /** In their order: runs of effects that may share a transaction, and single ones between them. */
  function partsOf(effects: Delivered[]): Delivered[][] {
    const parts: Delivered[][] = [];
    let isOpen = false;
    for (const effect of effects) {
      const alone = isAlone(effect);
      if (alone || !isOpen) parts.push([]);
      parts.at(-1)!.push(effect);
      isOpen = !alone;
    }
    return parts;
  }

  /**
   * Together. When one of them fails, its attempt is counted and the others go again without it and what is
   * behind it; when it is nobody's fault in particular (the marks, the locks, the commit), one by one.
   */
  async function applyPart(part: Delivered[], course: Course): Promise<void> {
    let effects = part;
    for (;;) {
      effects = effects.filter((each) => !each.isDone && !isBehindFailure(each, course));
      if (effects.length === 0 || course.isOver) return;
      const progress: Progress = {};
      try {
        await applyEffects(db, effects, { progress });
        return done(effects);
      } catch (err) {
        // Not an event's fault, and no attempt of it: all of them come again.
        if (isConnectionFailure(err)) throw err;
        const failed = effects.length === 1 ? effects[0] : (progress.at as Delivered | undefined);
        if (failed) await note(failed, err, course);
        else return oneByOne(effects, course);
      }
    }
  }

  async function oneByOne(effects: Delivered[], course: Course): Promise<void> {
    for (const effect of effects) await applyPart([effect], course);
  }

  function done(effects: Delivered[]): void {
    for (const effect of effects) {
      effect.isDone = true;
      attempts.delete(countedAs(effect));
    }
  }

  /** Counts the attempt: the event comes again, before any later one of its partition, or is given up on. */
  async function note(effect: Delivered, err: unknown, course: Course): Promise<void> {
    const { consumer } = effect.handler;
    inboxFailed.inc({ consumer });
    const spent = attempts.get(countedAs(effect)) ?? { failed: 0, contended: 0 };
    attempts.set(countedAs(effect), spent);
    // Apart from the failures: one real failure after a bad minute must not be the last.
    if (isContention(err)) spent.contended += 1;
    else spent.failed += 1;
    if (spent.failed < attemptsMax && spent.contended < attemptsMax * contentionFactor) {
      const { topic, partition, offset } = effect.message;
      log.warn({ err, consumer, topic, partition, offset }, 'an event failed; it comes again');
      course.failedAt.set(placeOf(effect), Number(offset));
      // Others may wait for the same lock, each as long as this one did: they come again as well.
      course.isOver ||= isContention(err);
      return;
    }
    const number = spent.failed + spent.contended;
    await deps.deadLetter(effect.message, { consumer, reason: err, attempts: number });
    done([effect]);
  }

  return deliver;
}

const countedAs = ({ handler, event }: Effect) => `${handler.consumer} ${event.id}`;
const isBehindFailure = (effect: Delivered, { failedAt }: Course) =>
  Number(effect.message.offset) >= (failedAt.get(placeOf(effect)) ?? Infinity);
const placeOf = ({ message }: Delivered) => `${message.topic}/${message.partition}`;

const eventOrProblem = (message: ReceivedMessage) => orProblem(() => fromMessage(message));
const plainOrProblem = (message: ReceivedMessage) => orProblem(() => plainMessage(message));

function orProblem<T>(read: () => T): T | EventInvalidError {
  try {
    return read();
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
