import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../../kernel/location/location.loaders.ts';
import { unitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { transferResolvers } from './transfer.resolvers.ts';
import { createTransferService } from './transfer.service.ts';

export const transferModule: Module<Shared> = {
  name: 'transfer',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onChange }) => ({
    resolvers: transferResolvers({
      db,
      transfers: createTransferService({ db, onChange }),
      loaders: { ...itemLoaders(db), ...locationLoaders(db), ...unitLoaders(db) },
    }),
  }),
};
