import { counter, histogram } from '@onecount/telemetry';

export const deliveryOutcomes = counter({
  name: 'onecount_webhook_deliveries_total',
  help: 'Webhook requests by outcome.',
  labelNames: ['outcome'],
});
export const deliveryDuration = histogram({
  name: 'onecount_webhook_delivery_seconds',
  help: 'Time that a webhook request took.',
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});
