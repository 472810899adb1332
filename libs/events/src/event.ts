import { randomFillSync } from 'node:crypto';
import { dataSchemaId, eventRegistry, type EventData, type EventType } from './registry.ts';
import { topics } from './topics.ts';
import { EventInvalidError, type EventProblem } from './event.errors.ts';
import { assertValidData } from './validation.ts';

export type DomainEvent<T extends EventType = EventType> = {
  /** UUIDv7; what the inbox dedupes by. */
  id: string;
  type: T;
  topic: string;
  tenantId: string;
  aggregateId: string;
  /** Version of the aggregate, monotonic per key. */
  sequence: number;
  /** RFC 3339, UTC. */
  time: string;
  data: EventData<T>;
  traceparent?: string;
};

export type NewEvent<T extends EventType> = {
  id?: string;
  tenantId: string;
  aggregateId: string;
  sequence: number;
  data: EventData<T>;
  time?: string;
  traceparent?: string;
};

/** Throws EventInvalidError when the data breaks the schema or a field of the envelope is unusable. */
export function newEvent<T extends EventType>(type: T, args: NewEvent<T>): DomainEvent<T> {
  const event: DomainEvent<T> = {
    id: args.id ?? eventId(),
    type,
    topic: topics[eventRegistry[type].topic].name,
    tenantId: args.tenantId,
    aggregateId: args.aggregateId,
    sequence: args.sequence,
    time: args.time ?? new Date().toISOString(),
    data: args.data,
    ...(args.traceparent === undefined ? {} : { traceparent: args.traceparent }),
  };
  assertEnvelope(event);
  assertValidData(type, event.data, 'publish');
  return event;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function assertEnvelope(event: DomainEvent): void {
  const problems: EventProblem[] = [];
  const check = (holds: boolean, field: string, message: string, value: unknown) => {
    if (!holds) problems.push({ field, message, value });
  };
  check(uuidPattern.test(event.id), 'id', 'must be a UUID', event.id);
  check(uuidPattern.test(event.tenantId), 'tenantId', 'must be a UUID', event.tenantId);
  check(event.aggregateId.length > 0, 'aggregateId', 'must not be empty', event.aggregateId);
  check(
    Number.isSafeInteger(event.sequence) && event.sequence >= 0,
    'sequence',
    'must be a whole number from 0 on',
    event.sequence,
  );
  check(!Number.isNaN(Date.parse(event.time)), 'time', 'must be an RFC 3339 instant', event.time);
  if (problems.length > 0) throw new EventInvalidError(event.type, problems);
}

/** Key of the message: order is promised per key. */
export const keyOf = (event: { tenantId: string; aggregateId: string }): string =>
  `${event.tenantId}/${event.aggregateId}`;

export const sourceOf = (type: EventType): string => `/onecount/${eventRegistry[type].source}`;

export { dataSchemaId };

/** UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits. */
function eventId(): string {
  const bytes = randomFillSync(Buffer.alloc(16));
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [0, 8, 12, 16, 20].map((from, i, all) => hex.slice(from, all[i + 1])).join('-');
}
