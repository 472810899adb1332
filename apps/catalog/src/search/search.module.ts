import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { searchResolvers } from './search.resolvers.ts';
import { createSearchWorker } from './search.worker.ts';

export const searchModule: Module<CatalogDeps> = {
  name: 'search',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, backgroundLog: log }) => ({
    resolvers: searchResolvers({ db }),
    background: [createSearchWorker({ db, log })],
  }),
};
