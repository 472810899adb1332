import { sdlIn, type Module } from '@onecount/service';
import { movementLoaders } from '../../kernel/movement/movement.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { adjustmentResolvers } from './adjustment.resolvers.ts';
import { createAdjustmentService } from './adjustment.service.ts';
import { createCountsSetService } from './counts-set.service.ts';
import { createSaleCorrectionService } from './sale-correction.service.ts';

export const adjustmentModule: Module<Shared> = {
  name: 'adjustment',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onChange }) => ({
    resolvers: adjustmentResolvers({
      adjustments: createAdjustmentService({ db, onChange }),
      corrections: createSaleCorrectionService({ db, onChange }),
      counts: createCountsSetService({ db, onChange }),
      db,
      loaders: { ...itemLoaders(db), ...movementLoaders(db) },
    }),
  }),
};
