import type { Tx } from '@onecount/db';
import type { DomainEvent, EventType } from '@onecount/events';

/**
 * The effect of one event type in one consumer. `handle` runs in the transaction that also marks the
 * event as applied, under the event's tenant; it must skip a stale version by itself. Throwing means
 * that it failed: it is tried again, and after its attempts the event becomes a dead event.
 */
export type EventHandler<T extends EventType = EventType> = {
  type: T;
  /** Name under which the inbox marks; stable for ever, unique among the handlers of a type. */
  consumer: string;
  /**
   * Pure. False means that this event can never have an effect here: it costs no transaction and leaves
   * no mark. Without it every event of the type is handled.
   */
  concerns?(event: DomainEvent<T>): boolean;
  handle(tx: Tx, event: DomainEvent<T>): Promise<void>;
};
