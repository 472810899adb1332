import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../location/location.loaders.ts';
import { unitLoaders } from '../serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../shared.ts';
import { movementResolvers } from './movement.resolvers.ts';

export const movementModule: Module<Shared> = {
  name: 'movement',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: movementResolvers({ loaders: { ...locationLoaders(db), ...unitLoaders(db) } }),
  }),
};
