import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventHandler } from '@onecount/messaging';
import type { ServiceDefinition } from '@onecount/service';
import type { StorefrontConfig } from './config.ts';
import { connectionResolvers } from './connection/connection.resolvers.ts';
import { createConnectionService } from './connection/connection.service.ts';
import { productChanged } from './consumers/product-changed.ts';
import { stockLevelChanged } from './consumers/stock-level-changed.ts';
import { createDeliveryWorker } from './delivery/delivery.worker.ts';
import { createWebhookClient } from './delivery/webhook.client.ts';
import { listingResolvers } from './listing/listing.resolvers.ts';

const sdlFiles = ['connection/connection.graphql', 'listing/listing.graphql'];

export const definition: ServiceDefinition<StorefrontConfig> = {
  name: 'storefront-sync',
  typeDefs: () =>
    sdlFiles.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n'),
  start({ config, db, log }) {
    const rule = { allowsLoopback: config.ALLOW_LOOPBACK_WEBHOOKS };
    const worker = createDeliveryWorker({
      db,
      log,
      client: createWebhookClient(rule),
      suspendAfterSeconds: config.WEBHOOK_SUSPEND_HOURS * 3600,
    });
    const service = createConnectionService({ db, rule, wakeDelivery: worker.wake });
    return {
      resolvers: { ...connectionResolvers({ db, service }), ...listingResolvers({ db }) },
      handlers: [productChanged(worker.wake), stockLevelChanged(worker.wake)] as EventHandler[],
      background: [worker],
    };
  },
};
