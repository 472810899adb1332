import { answer } from '../answer.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { Loaders } from '../loaders.ts';
import type { AllocationService } from './allocation.service.ts';

type Own = Pick<
  Resolvers,
  'HoldAllocateSuccess' | 'HoldReallocateSuccess' | 'SaleUnitAllocateSuccess' | 'Mutation'
>;

export function allocationResolvers(deps: {
  allocations: AllocationService;
  loaders: Loaders;
}): Own {
  const { allocations, loaders } = deps;
  return {
    HoldAllocateSuccess: { holds: ({ holdIds }, _, context) => loaders.holds(context, holdIds) },
    HoldReallocateSuccess: {
      hold: async ({ holdIds }, _, context) => (await loaders.hold(context, holdIds[0]!))!,
    },
    SaleUnitAllocateSuccess: {
      holds: ({ holdIds }, _, context) => loaders.holds(context, holdIds),
    },
    Mutation: {
      holdAllocate: async (_, { input }, { caller }) =>
        answer('HoldAllocateSuccess', await allocations.allocate(caller, input)),
      holdReallocate: async (_, { input }, { caller }) =>
        answer('HoldReallocateSuccess', await allocations.reallocate(caller, input)),
      saleUnitAllocate: async (_, { input }, { caller }) =>
        answer('SaleUnitAllocateSuccess', await allocations.allocateSale(caller, input)),
    },
  };
}
