export type { KafkaLogin, KafkaSecurity } from './kafka/kafka.security.ts';
export { createTransport, transportRefusal } from './create-transport.ts';
export { unknownTenantId, type DeadEvent, type Discard, type ReplayResult } from './dead-event.ts';
export { handlerOfGroups, type EventHandler } from './inbox.ts';
export {
  createInboxConsumer,
  type InboxConsumer,
  type InboxConsumerOptions,
} from './inbox.consumer.ts';
export { deadEventDiscard, inboxTables } from './inbox.migration.ts';
export { appendEvents, wakeRelays } from './outbox.ts';
export { outboxTable } from './outbox.migration.ts';
export {
  createOutboxRelay,
  relayLockKey,
  type OutboxRelay,
  type OutboxRelayOptions,
} from './outbox.relay.ts';
export { isBrokerAway } from './kafka/kafka.outage.ts';
export { clusterIdOf } from './kafka/kafka.cluster.ts';
export { transportSettings } from './transport-settings.ts';
export {
  GroupInUseError,
  MessageRefusedError,
  type ReceivedMessage,
  type RewindOptions,
  type Rewound,
  type SubscribeOptions,
  type Subscription,
  type TailOptions,
  type TopicSpec,
  type Transport,
  type TransportConfig,
  type TransportLog,
  type TransportMessage,
} from './transport.ts';
