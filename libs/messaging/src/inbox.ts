import type { Tx } from '@onecount/db';
import type { DomainEvent, EventType } from '@onecount/events';

/**
 * The effect of one event type in one consumer. `handle` runs in the transaction that also marks the
 * event as applied, under the event's tenant, with others that came at the same time; it must skip a stale
 * version by itself. Throwing means that it failed: it is tried again by itself, and after its attempts
 * the event becomes a dead event.
 */
export type EventHandler<T extends EventType = EventType> = {
  type: T;
  /** Name under which the inbox marks; stable for ever, unique among the handlers of a type. */
  consumer: string;
  /**
   * Pure, asked of the body before it is parsed and checked. False means that this event can never have an
   * effect here: it costs nothing more and leaves no mark. May say yes too often, never no.
   */
  mayConcern?(body: string): boolean;
  /** The same, asked of the event that was parsed and checked. */
  concerns?(event: DomainEvent<T>): boolean;
  /**
   * Locks what the events of a group will change besides the rows that their own keys name, in one order
   * for all groups: then no two of them wait for each other in a ring. Not asked for a single event.
   */
  lock?(tx: Tx, events: DomainEvent<T>[]): Promise<void>;
  /** Its events are applied one by one, each in a transaction of its own. */
  isAlone?: boolean;
  handle(tx: Tx, event: DomainEvent<T>): Promise<void>;
  /**
   * What takes the events of a group in one go instead, each key's in their order. They come before those of
   * handlers without it, so no other handler may depend on what is done here. When it throws, they go one by one.
   */
  handleAll?(tx: Tx, events: DomainEvent<T>[]): Promise<void>;
};

/** A handler to which one event is a group of one. */
export const handlerOfGroups = <T extends EventType>(
  handler: Omit<EventHandler<T>, 'handle'> & Required<Pick<EventHandler<T>, 'handleAll'>>,
): EventHandler<T> => ({ ...handler, handle: (tx, event) => handler.handleAll(tx, [event]) });

/** One event for one handler: what the inbox marks. */
export type Effect = { handler: EventHandler; event: DomainEvent };
