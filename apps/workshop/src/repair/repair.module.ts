import { sdlIn, type Module, type ServiceDeps } from '@onecount/service';
import type { WorkshopConfig } from '../config.ts';
import { saleCommitted } from '../consumers/sale-committed.ts';
import { saleReturned } from '../consumers/sale-returned.ts';
import { repairResolvers } from './repair.resolvers.ts';
import { createRepairService } from './repair.service.ts';

export const repairModule: Module<Pick<ServiceDeps<WorkshopConfig>, 'db' | 'config'>> = {
  name: 'repair',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db }) => {
    const waitMs = config.EVENT_WAIT_MS * config.TIMEOUT_FACTOR;
    return {
      resolvers: repairResolvers({ db, service: createRepairService({ db, waitMs }) }),
      handlers: [saleCommitted, saleReturned],
    };
  },
};
