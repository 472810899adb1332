import { counter, gauge } from '@onecount/telemetry';

export const outboxUnpublished = gauge({
  name: 'onecount_outbox_unpublished',
  help: 'Events committed and not yet published.',
});
export const outboxPublished = counter({
  name: 'onecount_outbox_published_total',
  help: 'Events published by this process.',
});
export const outboxRefused = counter({
  name: 'onecount_outbox_refused_total',
  help: 'Events that can never be published; see outbox.refused_reason.',
});
export const inboxApplied = counter({
  name: 'onecount_inbox_applied_total',
  help: 'Effects applied, by event type.',
  labelNames: ['type'],
});
export const inboxDuplicate = counter({
  name: 'onecount_inbox_duplicate_total',
  help: 'Deliveries whose effect had been applied before.',
});
export const inboxSkipped = counter({
  name: 'onecount_inbox_skipped_total',
  help: 'Messages that concern nobody here, dropped before they were parsed: by their type, or by their body.',
  labelNames: ['by'],
});
export const inboxFailed = counter({
  name: 'onecount_inbox_failed_total',
  help: 'Attempts that failed.',
  labelNames: ['consumer'],
});
export const deadEvents = gauge({
  name: 'onecount_dead_events',
  help: 'Events given up on and not yet replayed.',
  labelNames: ['consumer'],
});
export const consumerLag = gauge({
  name: 'onecount_consumer_lag',
  help: 'Messages that the group has not committed.',
  labelNames: ['group'],
});
