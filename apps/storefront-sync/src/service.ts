import { defineService } from '@onecount/service';
import { connectionModule } from './connection/connection.module.ts';
import { deliveryModule } from './delivery/delivery.module.ts';
import { listingModule } from './listing/listing.module.ts';
import { share } from './shared.ts';

export const definition = defineService({
  name: 'storefront-sync',
  modules: [connectionModule, listingModule, deliveryModule],
  share,
});
