import { sdlIn, type Module } from '@onecount/service';
import type { Shared } from '../shared.ts';
import { locationLoaders } from './location.loaders.ts';
import { locationResolvers } from './location.resolvers.ts';
import { createLocationService } from './location.service.ts';

export const locationModule: Module<Shared> = {
  name: 'location',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: locationResolvers({
      locations: createLocationService({ db }),
      loaders: locationLoaders(db),
    }),
  }),
};
