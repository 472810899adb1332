import { gunzipSync, gzipSync } from 'node:zlib';
import { assertEnvelope, dataSchemaId, keyOf, sourceOf, type DomainEvent } from './event.ts';
import { EventInvalidError, type EventProblem } from './event.errors.ts';
import { eventRegistry, isEventType, type EventData } from './registry.ts';
import { topics } from './topics.ts';
import { assertValidData } from './validation.ts';

/** A message as a transport carries it: CloudEvents 1.0, Kafka protocol binding, binary mode. */
export type EventMessage = {
  topic: string;
  key: string;
  headers: Record<string, string>;
  value: string;
};

const contentType = 'application/json; charset=utf-8';

/** A longer body travels compressed: a log takes 4 MB at most, and a product of 2,048 variants may have more. */
export const plainBodyBytesMax = 524_288;
// Beyond it a body was not written by us.
const bodyBytesMax = 67_108_864;
const encodingHeader = 'content-encoding';
const encoding = 'gzip, base64';

/** Header names as in the Kafka protocol binding 1.0.2, section 3.2: `ce_` + attribute name. */
export function toMessage(event: DomainEvent): EventMessage {
  return messageOf(event, JSON.stringify(event.data));
}

/** As toMessage, for a body that is JSON text already. */
export function messageOf(event: Omit<DomainEvent, 'data'>, value: string): EventMessage {
  const headers: Record<string, string> = {
    'content-type': contentType,
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: sourceOf(event.type),
    ce_subject: event.aggregateId,
    ce_time: event.time,
    ce_tenantid: event.tenantId,
    ce_sequence: String(event.sequence),
    ce_dataschema: dataSchemaId(event.type),
  };
  // W3C trace context travels under its own name, so that tracing agents find it without knowing us.
  if (event.traceparent !== undefined) headers['traceparent'] = event.traceparent;
  if (Buffer.byteLength(value) <= plainBodyBytesMax) {
    return { topic: event.topic, key: keyOf(event), headers, value };
  }
  headers[encodingHeader] = encoding;
  const compressed = gzipSync(value).toString('base64');
  return { topic: event.topic, key: keyOf(event), headers, value: compressed };
}

/** The message with its body as JSON text. Throws EventInvalidError for an encoding that is not ours, or a broken one. */
export function plainMessage<M extends EventMessage>(message: M): M {
  const { [encodingHeader]: given, ...headers } = message.headers;
  if (given === undefined) return message;
  const problem = (text: string) =>
    new EventInvalidError(message.headers['ce_type'] ?? 'event', [
      { field: encodingHeader, message: text, value: given },
    ]);
  if (given !== encoding) throw problem(`must be ${encoding}`);
  try {
    const bytes = gunzipSync(Buffer.from(message.value, 'base64'), {
      maxOutputLength: bodyBytesMax,
    });
    return { ...message, headers, value: bytes.toString('utf8') };
  } catch (err) {
    throw problem(`cannot be undone: ${(err as Error).message}`);
  }
}

/** Throws EventInvalidError naming every header or field that is wrong. */
export function fromMessage(received: EventMessage): DomainEvent {
  const message = plainMessage(received);
  const { headers } = message;
  const type = headers['ce_type'];
  if (!isEventType(type)) {
    const value = type ?? null;
    throw new EventInvalidError('event', [{ field: 'ce_type', message: 'is not known', value }]);
  }
  const problems = headerProblems(message);
  if (problems.length > 0) throw new EventInvalidError(type, problems);
  const data = parseData(type, message.value);
  const event: DomainEvent = {
    id: headers['ce_id']!,
    type,
    topic: message.topic,
    tenantId: headers['ce_tenantid']!,
    aggregateId: headers['ce_subject']!,
    sequence: Number(headers['ce_sequence']),
    time: headers['ce_time']!,
    data: data as EventData,
    ...(headers['traceparent'] === undefined ? {} : { traceparent: headers['traceparent'] }),
  };
  assertEnvelope(event);
  const problem = keyProblem(message, event);
  if (problem) throw new EventInvalidError(type, [problem]);
  assertValidData(type, data, 'consume');
  return event;
}

const requiredHeaders = ['ce_id', 'ce_tenantid', 'ce_subject', 'ce_sequence', 'ce_time'];

function headerProblems({ topic, headers }: EventMessage): EventProblem[] {
  const problems: EventProblem[] = requiredHeaders
    .filter((name) => !headers[name])
    .map((field) => ({ field, message: 'is missing' }));
  const expect = (field: string, holds: boolean, expected: string, value: unknown) => {
    if (!holds) problems.push({ field, message: `must be ${expected}`, value: value ?? null });
  };
  const type = headers['ce_type'] as DomainEvent['type'];
  const topicName = topics[eventRegistry[type].topic].name;
  const mediaType = headers['content-type']?.split(';')[0]?.trim();
  expect('ce_specversion', headers['ce_specversion'] === '1.0', '1.0', headers['ce_specversion']);
  expect('content-type', mediaType === 'application/json', 'application/json', mediaType);
  expect('topic', topic === topicName, topicName, topic);
  return problems;
}

function parseData(type: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new EventInvalidError(type, [{ field: 'value', message: 'must be JSON', value }]);
  }
}

/** The key decides the partition: a key of another tenant or aggregate would break order. */
function keyProblem(message: EventMessage, event: DomainEvent): EventProblem | undefined {
  if (message.key === keyOf(event)) return undefined;
  return { field: 'key', message: `must be ${keyOf(event)}`, value: message.key };
}
