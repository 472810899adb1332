import { sdlIn, type Module } from '@onecount/service';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { Shared } from '../shared.ts';
import { createLeaseService, type LeaseService } from './lease.service.ts';

export const leaseModule: Module<Shared> = {
  name: 'lease',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, onChange }) => ({
    resolvers: leaseResolvers(createLeaseService({ db, onChange })),
  }),
};

function leaseResolvers(leases: LeaseService): Pick<Resolvers, 'Mutation'> {
  return {
    Mutation: {
      leaseHoldsPlace: (_, { input }, { caller }) => leases.place(caller, input),
      leaseHoldsRelease: (_, { input }, { caller }) => leases.release(caller, input),
    },
  };
}
