import { sdlIn, type Module } from '@onecount/service';
import type { MutationResolvers, Resolvers } from '../generated/resolver-types.ts';
import type { PosDeps } from '../shared.ts';
import { createSalespersonService } from './salesperson.service.ts';

export const salespersonModule: Module<PosDeps> = {
  name: 'salesperson',
  typeDefs: sdlIn(import.meta.dirname),
  start({ db }) {
    const salespersons = createSalespersonService({ db });
    const resolvers = {
      Mutation: {
        saleSalespersonSet: (_, { input }, { caller }) => salespersons.set(caller, input),
      } satisfies MutationResolvers,
    } satisfies Resolvers;
    return { resolvers };
  },
};
