import type { ServiceDeps } from '@onecount/service';
import type { Config } from './config.ts';
import { createLocationService, type LocationService } from './location/location.service.ts';
import { createCatalogClient } from './price/catalog.client.ts';
import { createPriceService, type PriceService } from './price/price.service.ts';
import { createCheckoutService, type CheckoutService } from './sale/checkout.service.ts';
import { createInventoryClient, type InventoryClient } from './sale/inventory.client.ts';

export type PosDeps = ServiceDeps<Config> & {
  inventory: InventoryClient;
  locations: LocationService;
  prices: PriceService;
  checkout: CheckoutService;
};

// Together with the patience of a checkout it stays below the 10 s that the gateway waits for an answer.
export const inventoryTimeoutMs = 4000;

/** What the nouns of this app share. */
export function share(deps: ServiceDeps<Config>): PosDeps {
  const { config, db, log, client, wakeRelay } = deps;
  const inventory = createInventoryClient(client('inventory', { timeoutMs: inventoryTimeoutMs }));
  const locations = createLocationService({ db, inventory });
  const prices = createPriceService({ db, catalog: createCatalogClient(client('catalog')) });
  const settings = {
    sweepAfterSeconds: config.SWEEP_AFTER_SECONDS,
    claimPatienceMs: config.CLAIM_PATIENCE_MS,
    paymentSeconds: config.SALE_PAYMENT_SECONDS,
  };
  const checkout = createCheckoutService({ db, inventory, log, wakeRelay, settings });
  return { ...deps, inventory, locations, prices, checkout };
}
