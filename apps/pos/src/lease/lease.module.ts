import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { leaseResolvers } from './lease.resolvers.ts';
import { createLeaseService } from './lease.service.ts';
import { createOfflineSaleService } from './offline-sale.service.ts';

export const leaseModule: Module<PosDeps> = {
  name: 'lease',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, inventory, prices, locations, checkout }) => {
    const leases = createLeaseService({ db, inventory, prices });
    const offlineSales = createOfflineSaleService({ ...checkout.parts, prices, locations });
    return { resolvers: leaseResolvers({ db, leases, offlineSales }) };
  },
};
