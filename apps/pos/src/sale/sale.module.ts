import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createBasketService } from './basket.service.ts';
import { createRecordService } from './record.service.ts';
import { createIdleBaskets } from './idle-baskets.ts';
import { saleResolvers } from './sale.resolvers.ts';
import { createSweeper } from './sweeper.ts';

export const saleModule: Module<PosDeps> = {
  name: 'sale',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, log, backgroundLog, inventory, locations, prices, checkout }) => {
    const holdSeconds = config.SALE_HOLD_SECONDS;
    const basket = createBasketService({ db, inventory, prices, locations, log, holdSeconds });
    const records = createRecordService({ ...checkout.parts, prices, locations });
    const { driver } = checkout;
    const settings = {
      intervalMs: config.SWEEP_INTERVAL_MS,
      retrySeconds: config.SWEEP_AFTER_SECONDS,
    };
    return {
      resolvers: saleResolvers({ db, basket, checkout, records }),
      background: [
        createSweeper({ db, driver, log, backgroundLog, settings }),
        createIdleBaskets({
          ...{ db, driver, log, backgroundLog },
          idleSeconds: config.SALE_IDLE_SECONDS,
        }),
      ],
    };
  },
};
