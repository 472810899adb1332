import { sdlIn, type Module, type ServiceDeps } from '@onecount/service';
import { saleCommitted } from '../consumers/sale-committed.ts';
import { repairResolvers } from './repair.resolvers.ts';
import { createRepairService } from './repair.service.ts';

export const repairModule: Module<Pick<ServiceDeps, 'db'>> = {
  name: 'repair',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: repairResolvers({ db, service: createRepairService({ db }) }),
    handlers: [saleCommitted],
  }),
};
