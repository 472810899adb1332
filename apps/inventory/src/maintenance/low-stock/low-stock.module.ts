import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../../kernel/location/location.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { lowStockResolvers } from './low-stock.resolvers.ts';
import { createLowStockWorker } from './low-stock.worker.ts';

export const lowStockModule: Module<Shared> = {
  name: 'low-stock',
  typeDefs: sdlIn(import.meta.dirname),
  start({ config, db, lowStockDue, wakeRelay, onError }) {
    const worker = createLowStockWorker({
      db,
      intervalMs: config.LEVEL_PUBLISH_MS,
      onEvaluated: wakeRelay,
      onError,
    });
    lowStockDue.listen(() => worker.wake());
    return {
      resolvers: lowStockResolvers({
        db,
        loaders: { ...itemLoaders(db), ...locationLoaders(db) },
      }),
      background: [worker],
    };
  },
};
