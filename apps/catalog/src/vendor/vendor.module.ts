import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { vendorResolvers } from './vendor.resolvers.ts';
import { createVendorService } from './vendor.service.ts';

export const vendorModule: Module<CatalogDeps> = {
  name: 'vendor',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, reads }) => ({
    resolvers: vendorResolvers({ db, reads, vendors: createVendorService({ db }) }),
  }),
};
