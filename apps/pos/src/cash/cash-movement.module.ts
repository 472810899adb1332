import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { cashMovementResolvers } from './cash-movement.resolvers.ts';
import { createCashMovementService } from './cash-movement.service.ts';

export const cashMovementModule: Module<PosDeps> = {
  name: 'cash-movement',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => {
    const movements = createCashMovementService({ db });
    return { resolvers: cashMovementResolvers({ db, movements }) };
  },
};
