import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { reconcileResolvers } from './reconcile.resolvers.ts';

export const reconcileModule: Module<PosDeps> = {
  name: 'reconcile',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({ resolvers: reconcileResolvers({ db }) }),
};
