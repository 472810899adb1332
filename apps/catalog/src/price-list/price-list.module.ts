import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { priceListResolvers } from './price-list.resolvers.ts';
import { createPriceListService } from './price-list.service.ts';
import { createPriceListWorker } from './price-list.worker.ts';

export const priceListModule: Module<CatalogDeps> = {
  name: 'price-list',
  typeDefs: sdlIn(import.meta.dirname),
  start({ db, backgroundLog: log }) {
    const priceLists = createPriceListService({ db, wake: () => worker.wake() });
    const worker = createPriceListWorker({ applyDue: priceLists.applyDue, log });
    return { resolvers: priceListResolvers({ db, priceLists }), background: [worker] };
  },
};
