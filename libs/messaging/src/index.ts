export type { EventHandler } from './inbox.ts';
export { inboxTables } from './inbox.migration.ts';
export { appendEvents, wakeRelays } from './outbox.ts';
export { outboxTable } from './outbox.migration.ts';
export {
  createTransport,
  MessageRefusedError,
  type ReceivedMessage,
  type SubscribeOptions,
  type Subscription,
  type TopicSpec,
  type Transport,
  type TransportConfig,
  type TransportLog,
  type TransportMessage,
} from './transport.ts';
