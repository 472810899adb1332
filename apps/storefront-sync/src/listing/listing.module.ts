import { sdlIn, type Module } from '@onecount/service';
import { productChanged } from '../consumers/product-changed.ts';
import { stockLevelChanged } from '../consumers/stock-level-changed.ts';
import type { StorefrontDeps } from '../shared.ts';
import { listingResolvers } from './listing.resolvers.ts';

export const listingModule: Module<StorefrontDeps> = {
  name: 'listing',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, worker }) => ({
    resolvers: listingResolvers({ db }),
    handlers: [productChanged(worker.wake), stockLevelChanged(worker.wake)],
  }),
};
