import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../../kernel/location/location.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { balanceResolvers } from './balance.resolvers.ts';
import { createBalanceWorker } from './balance.worker.ts';

export const balanceModule: Module<Shared> = {
  name: 'balance',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onError }) => ({
    resolvers: balanceResolvers({ db, loaders: { ...itemLoaders(db), ...locationLoaders(db) } }),
    background: [createBalanceWorker({ db, onError })],
  }),
};
