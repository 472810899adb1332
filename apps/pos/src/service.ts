import type { EventHandler } from '@onecount/messaging';
import type { ServiceDefinition } from '@onecount/service';
import type { Config } from './config.ts';
import { productChanged } from './consumers/product-changed.ts';
import { createLocationService } from './location/location.service.ts';
import { createCatalogClient } from './price/catalog.client.ts';
import { createPriceService } from './price/price.service.ts';
import { registerResolvers } from './register/register.resolvers.ts';
import { createRegisterService } from './register/register.service.ts';
import { createBasketService } from './sale/basket.service.ts';
import { createCheckoutService } from './sale/checkout.service.ts';
import { createInventoryClient } from './sale/inventory.client.ts';
import { saleResolvers } from './sale/sale.resolvers.ts';
import { createSweeper } from './sale/sweeper.ts';
import { typeDefs } from './schema.ts';

// Together with the patience of a checkout it stays below the 10 s that the gateway waits for an answer.
const inventoryTimeoutMs = 4000;

export const definition: ServiceDefinition<Config> = {
  name: 'pos',
  typeDefs,
  start({ config, db, log, client, wakeRelay }) {
    const inventory = createInventoryClient(client('inventory', { timeoutMs: inventoryTimeoutMs }));
    const prices = createPriceService({ db, catalog: createCatalogClient(client('catalog')) });
    const locations = createLocationService({ db, inventory });
    const holdSeconds = config.SALE_HOLD_SECONDS;
    const basket = createBasketService({ db, inventory, prices, locations, log, holdSeconds });
    const settings = {
      sweepAfterSeconds: config.SWEEP_AFTER_SECONDS,
      claimPatienceMs: config.CLAIM_PATIENCE_MS,
    };
    const checkout = createCheckoutService({ db, inventory, log, wakeRelay, settings });
    const settleSale = checkout.driver.settle;
    const registers = createRegisterService({ db, locations, settleSale });
    const sweeper = createSweeper({
      db,
      driver: checkout.driver,
      log,
      settings: {
        intervalMs: config.SWEEP_INTERVAL_MS,
        retrySeconds: config.SWEEP_AFTER_SECONDS,
      },
    });
    const sale = saleResolvers({ db, basket, checkout });
    const register = registerResolvers({ db, registers });
    return {
      resolvers: {
        ...register,
        ...sale,
        Query: { ...register.Query, ...sale.Query },
        Mutation: { ...register.Mutation, ...sale.Mutation },
      },
      handlers: [productChanged] as EventHandler[],
      background: [sweeper],
    };
  },
};
