import type { Database, Tx } from '@onecount/db';
import { fromMessage } from '@onecount/events';
import type { EventHandler } from './inbox.ts';
import { applyEffects } from './inbox.apply.ts';
import {
  deadCountStatement,
  deadLetterStatement,
  deadListStatement,
  deadStatement,
  discardStatement,
  replayedStatement,
  replayFailedStatement,
} from './inbox.sql.ts';
import { deadEvents } from './messaging.metrics.ts';
import type { ReceivedMessage, TransportMessage } from './transport.ts';

/** Owner of messages whose tenant cannot be read. No token carries it, so no request sees them. */
export const unknownTenantId = '00000000-0000-0000-0000-000000000000';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const reasonCharactersMax = 2_000;
// It stands in an index, whose entries are limited to a third of a page.
const eventIdCharactersMax = 255;

export type DeadLetter = {
  message: ReceivedMessage;
  consumer: string;
  reason: unknown;
  attempts: number;
};

/** Keeps the message with its reason, in a transaction of its own: the effect's was rolled back. */
export async function deadLetterMessage(db: Database, letter: DeadLetter): Promise<void> {
  const { topic, partition, offset, key, headers, value } = letter.message;
  const named = headers['ce_tenantid'] ?? '';
  const tenantId = uuidPattern.test(named) ? named : unknownTenantId;
  const eventId = headers['ce_id'] ?? `${topic}/${partition}/${offset}`;
  await db.inTransaction(tenantId, (tx) =>
    tx.query(deadLetterStatement, [
      tenantId,
      letter.consumer,
      storable(eventId).slice(0, eventIdCharactersMax),
      topic,
      storable(key),
      JSON.stringify(storableHeaders(headers)),
      storable(value),
      storable(reasonOf(letter.reason)),
      letter.attempts,
    ]),
  );
}

// What cannot be kept would come again for ever and hold up its partition: PostgreSQL takes no NUL.
const storable = (text: string) => text.replaceAll('\0', '\ufffd').toWellFormed();

const storableHeaders = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [storable(name), storable(text)] as const),
  );

const reasonOf = (err: unknown) =>
  (err instanceof Error ? `${err.name}: ${err.message}` : String(err)).slice(
    0,
    reasonCharactersMax,
  );

/** What is shown of a dead event: where it stands and why, nothing of what it says. */
export type DeadEvent = {
  id: string;
  tenantId: string;
  consumer: string;
  eventId: string;
  /** Null when the message names none. */
  type: string | null;
  topic: string;
  reason: string;
  attempts: number;
  diedAt: Date;
  /** Null as long as it waits for its replay. */
  discardedAt: Date | null;
  discardedBy: string | null;
  discardReason: string | null;
};

/** The oldest ones over all tenants: those that wait for a replay, or those that were put away. */
export function listDeadEvents(
  db: Database,
  { max, areDiscarded }: { max: number; areDiscarded: boolean },
): Promise<DeadEvent[]> {
  return db.asSystem('monitor', (tx) =>
    tx.query<DeadEvent>(deadListStatement, [max, areDiscarded]),
  );
}

export type Discard = { id: string; by: string; reason: string };

/** Puts a dead event away that nobody will ever apply; false when none waits under this id. */
export async function discardDeadEvent(db: Database, of: Discard): Promise<boolean> {
  const rows = await db.asSystem('monitor', (tx) =>
    tx.query(discardStatement, [of.id, of.by, of.reason]),
  );
  return rows.length > 0;
}

type DeadRow = TransportMessage & { id: string; tenant_id: string; consumer: string };
export type ReplayResult = { replayed: number; failed: number };

/**
 * Applies dead events again, oldest first; one that fails stays with its new reason. Handlers skip
 * stale versions, so an old event that is replayed after newer ones changes nothing it should not.
 */
export async function replayDeadEvents(
  db: Database,
  handlers: readonly EventHandler[],
  id?: string,
): Promise<ReplayResult> {
  const rows = await db.asSystem('monitor', (tx) => tx.query<DeadRow>(deadStatement, [id ?? null]));
  const result = { replayed: 0, failed: 0 };
  for (const row of rows) {
    if (await replayOne(db, handlers, row)) result.replayed += 1;
    else result.failed += 1;
  }
  return result;
}

async function replayOne(
  db: Database,
  handlers: readonly EventHandler[],
  row: DeadRow,
): Promise<boolean> {
  try {
    const event = fromMessage(row);
    const handler = handlers.find(
      ({ type, consumer }) => type === event.type && consumer === row.consumer,
    );
    if (!handler) throw new Error(`no handler ${row.consumer} for ${event.type} in this program`);
    // The dead row may stand under the nil tenant although the event was repaired: then it is marked
    // below, outside, and a crash in between is answered by the inbox as a duplicate.
    const alongside = async (tx: Tx) => {
      if (row.tenant_id === event.tenantId)
        await tx.query(replayedStatement, [row.tenant_id, row.id]);
    };
    await applyEffects(db, [{ handler, event }], { alongside });
    await db.inTransaction(row.tenant_id, (tx) =>
      tx.query(replayedStatement, [row.tenant_id, row.id]),
    );
    return true;
  } catch (err) {
    await db.inTransaction(row.tenant_id, (tx) =>
      tx.query(replayFailedStatement, [row.tenant_id, row.id, reasonOf(err)]),
    );
    return false;
  }
}

/** Dead events that wait for a replay, over all tenants; sets the metric per consumer. */
export async function countDeadEvents(db: Database, consumers: Iterable<string>): Promise<number> {
  const rows = await db.asSystem('monitor', (tx) =>
    tx.query<{ consumer: string; dead: number }>(deadCountStatement),
  );
  const byConsumer = new Map(rows.map(({ consumer, dead }) => [consumer, dead]));
  for (const consumer of new Set([...consumers, ...byConsumer.keys()])) {
    deadEvents.set({ consumer }, byConsumer.get(consumer) ?? 0);
  }
  return rows.reduce((sum, { dead }) => sum + dead, 0);
}
