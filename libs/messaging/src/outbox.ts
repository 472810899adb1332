import type { Tx } from '@onecount/db';
import type { DomainEvent } from '@onecount/events';
import { currentTraceparent } from '@onecount/telemetry';
import { appendStatement } from './outbox.sql.ts';

// Relays of this process. A wake-up is only a hint: a relay of another process finds the row by its poll.
const wakeListeners = new Set<() => void>();

export function onEventsAppended(wake: () => void): () => void {
  wakeListeners.add(wake);
  return () => void wakeListeners.delete(wake);
}

/** Wakes the relays of this process; for writers whose stored function inserted into the outbox itself. */
export function wakeRelays(): void {
  for (const wake of wakeListeners) wake();
}

/**
 * Writes the events in the transaction of their change: both commit or neither. All must belong to the
 * transaction's tenant. The caller holds the row lock of each aggregate, which makes the order per key.
 */
export async function appendEvents(tx: Tx, events: DomainEvent[]): Promise<void> {
  if (events.length === 0) return;
  const stranger = events.find((event) => event.tenantId !== tx.tenantId);
  if (stranger) throw new Error(`${stranger.type} ${stranger.id} belongs to another tenant`);
  const traceparent = currentTraceparent();
  await tx.query(appendStatement, [
    tx.tenantId,
    events.map((event) => event.id),
    events.map((event) => event.type),
    events.map((event) => event.aggregateId),
    events.map((event) => event.sequence),
    events.map((event) => JSON.stringify(event.data)),
    events.map((event) => event.traceparent ?? traceparent),
    events.map((event) => event.time),
  ]);
  tx.afterCommit(wakeRelays);
}
