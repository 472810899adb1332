import { sdlIn, type Module } from '@onecount/service';
import { unitLoaders } from '../serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../shared.ts';
import { itemLoaders } from '../stock-item/stock-item.loaders.ts';
import { stockCodeLoaders } from './stock-code.loaders.ts';
import { stockCodeResolvers } from './stock-code.resolvers.ts';
import { createStockCodeService } from './stock-code.service.ts';

export const stockCodeModule: Module<Shared> = {
  name: 'stock-code',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: stockCodeResolvers({
      db,
      stockCodes: createStockCodeService({ db }),
      loaders: { ...stockCodeLoaders(db), ...itemLoaders(db), ...unitLoaders(db) },
    }),
  }),
};
