import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../location/location.loaders.ts';
import { unitLoaders } from '../serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../shared.ts';
import { itemLoaders } from '../stock-item/stock-item.loaders.ts';
import { allocationResolvers } from './allocation.resolvers.ts';
import { createAllocationService } from './allocation.service.ts';
import { createHoldBatchService } from './hold-batch.service.ts';
import { createHoldChangeService } from './hold-change.service.ts';
import { createHoldExpirer } from './hold.expirer.ts';
import { holdLoaders } from './hold.loaders.ts';
import { holdResolvers } from './hold.resolvers.ts';

export const holdModule: Module<Shared> = {
  name: 'hold',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, holds, onChange, onError }) => ({
    resolvers: [
      holdResolvers({
        db,
        holds,
        batches: createHoldBatchService({ db, onChange }),
        changes: createHoldChangeService({ db }),
        loaders: {
          ...holdLoaders(db),
          ...itemLoaders(db),
          ...locationLoaders(db),
          ...unitLoaders(db),
        },
      }),
      allocationResolvers({ db, allocations: createAllocationService({ db, onChange }) }),
    ],
    background: [
      createHoldExpirer({ db, intervalMs: config.HOLD_SWEEP_MS, onSettled: onChange, onError }),
    ],
  }),
};
