import { sdlIn, type Module } from '@onecount/service';
import { inventoryTimeoutMs, type PosDeps } from '../shared.ts';
import { createLeaseClient } from './lease.client.ts';
import { leaseResolvers } from './lease.resolvers.ts';
import { createLeaseService } from './lease.service.ts';
import { createOfflineSaleService } from './offline-sale.service.ts';

export const leaseModule: Module<PosDeps> = {
  name: 'lease',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, client, prices, locations, checkout }) => {
    const holds = createLeaseClient(client('inventory', { timeoutMs: inventoryTimeoutMs }));
    const leases = createLeaseService({ db, holds, prices });
    const offlineSales = createOfflineSaleService({ ...checkout.parts, prices, locations });
    return { resolvers: leaseResolvers({ db, leases, offlineSales }) };
  },
};
