import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../../kernel/location/location.loaders.ts';
import { movementLoaders } from '../../kernel/movement/movement.loaders.ts';
import { unitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { createStocktakeScanService } from './stocktake-scan.service.ts';
import { stocktakeResolvers } from './stocktake.resolvers.ts';
import { createStocktakeService } from './stocktake.service.ts';

export const stocktakeModule: Module<Shared> = {
  name: 'stocktake',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onChange }) => ({
    resolvers: stocktakeResolvers({
      db,
      stocktakes: createStocktakeService({ db, onChange }),
      stocktakeScans: createStocktakeScanService({ db }),
      loaders: {
        ...itemLoaders(db),
        ...locationLoaders(db),
        ...movementLoaders(db),
        ...unitLoaders(db),
      },
    }),
  }),
};
