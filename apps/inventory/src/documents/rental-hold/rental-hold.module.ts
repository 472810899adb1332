import { sdlIn, type Module } from '@onecount/service';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { Shared } from '../../kernel/shared.ts';
import { createRentalHoldService } from './rental-hold.service.ts';

export const rentalHoldModule: Module<Shared> = {
  name: 'rental-hold',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, holds, onChange }) => {
    const rentals = createRentalHoldService({ db, holds, onChange });
    return {
      resolvers: {
        Mutation: {
          rentalHoldPlace: (_, { input }, { caller }) => rentals.place(caller, input),
          rentalHoldRelease: (_, { input }, { caller }) => rentals.release(caller, input),
        },
      } satisfies Pick<Resolvers, 'Mutation'>,
    };
  },
};
