import { sdlIn, type Module } from '@onecount/service';
import { movementLoaders } from '../movement/movement.loaders.ts';
import type { Shared } from '../shared.ts';
import { costResolvers } from './cost.resolvers.ts';

export const costModule: Module<Shared> = {
  name: 'cost',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({ resolvers: costResolvers({ db, loaders: movementLoaders(db) }) }),
};
