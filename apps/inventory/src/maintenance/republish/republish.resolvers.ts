import type { Resolvers } from '../../generated/resolver-types.ts';
import type { RepublishService } from './republish.service.ts';

export function republishResolvers(deps: {
  republishes: RepublishService;
}): Pick<Resolvers, 'Mutation' | 'Query'> {
  const { republishes } = deps;
  return {
    Query: {
      inventoryRepublish: (_, __, { caller }) => republishes.last(caller),
    },
    Mutation: {
      inventoryRepublish: (_, { input }, { caller }) =>
        republishes.request(caller, {
          idempotencyKey: input.idempotencyKey,
          levels: input.levels ?? true,
          units: input.units ?? true,
          movements: input.movements ?? false,
        }),
    },
  };
}
