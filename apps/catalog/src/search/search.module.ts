import { sdlIn, type Module } from '@onecount/service';
import { searchCopies } from '../consumers/search-copies.ts';
import type { CatalogDeps } from '../shared.ts';
import { searchResolvers } from './search.resolvers.ts';
import { createSearchWorker } from './search.worker.ts';

export const searchModule: Module<CatalogDeps> = {
  name: 'search',
  typeDefs: sdlIn(import.meta.dirname),
  start({ db, backgroundLog: log }) {
    const worker = createSearchWorker({ db, log });
    return {
      resolvers: searchResolvers({ db }),
      background: [worker],
      handlers: searchCopies(() => worker.wake()),
    };
  },
};
