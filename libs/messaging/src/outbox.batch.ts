import { crashAt } from '@onecount/failpoint';
import {
  assertValidData,
  eventRegistry,
  EventInvalidError,
  isEventType,
  messageOf,
  topics,
} from '@onecount/events';
import type pg from 'pg';
import { outboxPublished, outboxRefused } from './messaging.metrics.ts';
import { markPublishedStatement, refuseStatement, unpublishedStatement } from './outbox.sql.ts';
import {
  MessageRefusedError,
  type Transport,
  type TransportLog,
  type TransportMessage,
} from './transport.ts';

type OutboxRow = {
  position: number;
  tenant_id: string;
  event_id: string;
  type: string;
  aggregate_id: string;
  sequence: number;
  data: string;
  traceparent: string | null;
  occurred_at: Date;
};
type Pending = { position: number; message: TransportMessage };
export type BatchDeps = { client: pg.Client; transport: Transport; log: TransportLog };

/** Publishes the oldest unpublished events, marks them, and returns how many rows it found. */
export async function publishBatch(deps: BatchDeps, sizeMax: number): Promise<number> {
  const { rows } = await deps.client.query<OutboxRow>({
    ...unpublishedStatement,
    values: [sizeMax],
  });
  if (rows.length === 0) return 0;
  const pending: Pending[] = [];
  for (const row of rows) {
    const message = await messageOrRefusal(deps, row);
    if (message) pending.push({ position: row.position, message });
  }
  if (pending.length > 0) await publishAndMark(deps, pending);
  return rows.length;
}

async function publishAndMark(deps: BatchDeps, pending: Pending[]): Promise<void> {
  crashAt('outbox.before-publish');
  const published = await publishWhole(deps, pending);
  crashAt('outbox.after-publish');
  // A crash before this line publishes the batch again: duplicates, which every inbox knows.
  if (published.length === 0) return;
  await deps.client.query({ ...markPublishedStatement, values: [published] });
  outboxPublished.inc(published.length);
}

/** The positions that were published. One message that the log refuses must not hold up the others. */
async function publishWhole(deps: BatchDeps, pending: Pending[]): Promise<number[]> {
  try {
    await deps.transport.publish(pending.map(({ message }) => message));
    return pending.map(({ position }) => position);
  } catch (err) {
    if (!(err instanceof MessageRefusedError)) throw err;
    return publishOneByOne(deps, pending);
  }
}

async function publishOneByOne(deps: BatchDeps, pending: Pending[]): Promise<number[]> {
  const published: number[] = [];
  for (const { position, message } of pending) {
    try {
      await deps.transport.publish([message]);
      published.push(position);
    } catch (err) {
      if (!(err instanceof MessageRefusedError)) throw err;
      await refuse(deps, position, err.message);
    }
  }
  return published;
}

async function messageOrRefusal(
  deps: BatchDeps,
  row: OutboxRow,
): Promise<TransportMessage | undefined> {
  try {
    return messageFrom(row);
  } catch (err) {
    if (!(err instanceof EventInvalidError)) throw err;
    await refuse(deps, row.position, err.message);
    return undefined;
  }
}

// Checked here and not only in newEvent, because stored functions write to the outbox as well.
function messageFrom(row: OutboxRow): TransportMessage {
  const { type } = row;
  if (!isEventType(type)) {
    throw new EventInvalidError('event', [{ field: 'type', message: 'is not known', value: type }]);
  }
  assertValidData(type, JSON.parse(row.data), 'publish');
  const envelope = {
    id: row.event_id,
    type,
    topic: topics[eventRegistry[type].topic].name,
    tenantId: row.tenant_id,
    aggregateId: row.aggregate_id,
    sequence: row.sequence,
    time: row.occurred_at.toISOString(),
  };
  const { traceparent } = row;
  return messageOf(traceparent === null ? envelope : { ...envelope, traceparent }, row.data);
}

async function refuse(deps: BatchDeps, position: number, reason: string): Promise<void> {
  await deps.client.query({ ...refuseStatement, values: [position, reason] });
  outboxRefused.inc();
  deps.log.error({ position, reason }, 'an event can never be published');
}
