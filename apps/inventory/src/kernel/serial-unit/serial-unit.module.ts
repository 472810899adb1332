import { sdlIn, type Module } from '@onecount/service';
import { holdLoaders } from '../hold/hold.loaders.ts';
import { locationLoaders } from '../location/location.loaders.ts';
import { movementLoaders } from '../movement/movement.loaders.ts';
import type { Shared } from '../shared.ts';
import { itemLoaders } from '../stock-item/stock-item.loaders.ts';
import { unitLoaders } from './serial-unit.loaders.ts';
import { serialUnitResolvers } from './serial-unit.resolvers.ts';
import { unitLabelResolvers } from './unit-label.resolvers.ts';
import { createSerialUnitService } from './serial-unit.service.ts';

export const serialUnitModule: Module<Shared> = {
  name: 'serial-unit',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onChange }) => ({
    resolvers: [
      unitLabelResolvers({ db }),
      serialUnitResolvers({
        db,
        units: createSerialUnitService({ db, onChange }),
        loaders: {
          ...unitLoaders(db),
          ...holdLoaders(db),
          ...itemLoaders(db),
          ...locationLoaders(db),
          ...movementLoaders(db),
        },
      }),
    ],
  }),
};
