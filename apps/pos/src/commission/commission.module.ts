import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { commissionResolvers } from './commission.resolvers.ts';
import { createCommissionService } from './commission.service.ts';

export const commissionModule: Module<PosDeps> = {
  name: 'commission',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: commissionResolvers({ db, commissions: createCommissionService({ db }) }),
  }),
};
