import { eventRegistry, eventTypes, type EventType } from './registry.ts';
import { topics, type Topic, type TopicName } from './topics.ts';

type Json = Record<string, unknown>;

/** AsyncAPI 3.0 document of every topic and event, for integrators. */
export function asyncApiDocument(): Json {
  const names = Object.keys(topics) as TopicName[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Onecount events',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 in Kafka headers (binary mode), JSON in the value. Order holds per key (tenant/aggregate). Delivery is at least once: dedupe by ce_id, skip what has a lower ce_sequence than the state you hold. Fields are only ever added to a version.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(names.map((name) => [channelIdOf(name), channelOf(name)])),
    operations: Object.fromEntries(
      names
        .filter((name) => typesOf(name).length > 0)
        .map((name) => [operationIdOf(name), operationOf(name)]),
    ),
    components: {
      messages: Object.fromEntries(eventTypes.map((type) => [type, messageOf(type)])),
      messageTraits: { cloudEvent: { headers: cloudEventHeaders } },
      schemas: Object.fromEntries(
        eventTypes.map((type) => [type, JSON.parse(JSON.stringify(eventRegistry[type].schema))]),
      ),
    },
  };
}

const channelIdOf = (name: TopicName) =>
  name.replace(/[.-](\w)/g, (_, c: string) => c.toUpperCase());
const operationIdOf = (name: TopicName) =>
  `receive${channelIdOf(name).replace(/^\w/, (c) => c.toUpperCase())}`;
const typesOf = (name: TopicName) =>
  eventTypes.filter((type) => eventRegistry[type].topic === name);

function channelOf(name: TopicName): Json {
  const topic: Topic = topics[name];
  return {
    address: topic.name,
    description: topic.description,
    messages: Object.fromEntries(
      typesOf(name).map((type) => [type, { $ref: `#/components/messages/${type}` }]),
    ),
    bindings: {
      kafka: {
        topic: topic.name,
        topicConfiguration: { 'cleanup.policy': [topic.compacted ? 'compact' : 'delete'] },
        bindingVersion: '0.5.0',
      },
    },
  };
}

const operationOf = (name: TopicName): Json => ({
  action: 'receive',
  channel: { $ref: `#/channels/${channelIdOf(name)}` },
  messages: typesOf(name).map((type) => ({
    $ref: `#/channels/${channelIdOf(name)}/messages/${type}`,
  })),
});

const messageOf = (type: EventType): Json => ({
  name: type,
  summary: eventRegistry[type].schema.description,
  contentType: 'application/json',
  traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
  payload: { $ref: `#/components/schemas/${type}` },
  bindings: {
    kafka: {
      key: { type: 'string', description: 'tenantId/aggregateId' },
      bindingVersion: '0.5.0',
    },
  },
});

const header = (description: string, extra: Json = {}) => ({
  type: 'string',
  description,
  ...extra,
});

const cloudEventHeaders = {
  type: 'object',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_tenantid',
    'ce_sequence',
  ],
  properties: {
    'content-type': header('Media type of the value.'),
    ce_specversion: header('Version of CloudEvents.', { const: '1.0' }),
    ce_id: header('UUIDv7 of the event; the same in every delivery.', { format: 'uuid' }),
    ce_type: header('Type of the event.'),
    ce_source: header('/onecount/<service> that owns the aggregate.'),
    ce_subject: header('Id of the aggregate.'),
    ce_time: header('When it happened.', { format: 'date-time' }),
    ce_tenantid: header('Tenant that it belongs to.', { format: 'uuid' }),
    ce_sequence: header('Version of the aggregate, monotonic per key.', { pattern: '^[0-9]+$' }),
    ce_dataschema: header('Name of the JSON Schema of the value.'),
    traceparent: header('W3C trace context of the change.'),
  },
};
