import type { ServiceDeps, Worker } from '@onecount/service';
import type { StorefrontConfig } from './config.ts';
import { createDeliveryWorker } from './delivery/delivery.worker.ts';
import { createWebhookClient } from './delivery/webhook.client.ts';
import type { AddressRule } from '@onecount/outside-address';

export type StorefrontDeps = ServiceDeps<StorefrontConfig> & {
  rule: AddressRule;
  worker: Worker;
};

/** What the nouns of this app share: whatever changes a listing wakes the one worker that sends it. */
export function share(deps: ServiceDeps<StorefrontConfig>): StorefrontDeps {
  const { config, db, log, backgroundLog } = deps;
  const rule = { allowsLoopback: config.ALLOW_LOOPBACK_WEBHOOKS };
  const worker = createDeliveryWorker({
    db,
    log,
    backgroundLog,
    client: createWebhookClient(rule),
    suspendAfterSeconds: config.WEBHOOK_SUSPEND_HOURS * 3600,
  });
  return { ...deps, rule, worker };
}
