import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { Allocated, AllocationService } from './allocation.service.ts';
import { readHolds } from './hold.sql.ts';

type Own = Pick<
  Resolvers,
  'HoldAllocateSuccess' | 'HoldReallocateSuccess' | 'SaleUnitAllocateSuccess' | 'Mutation'
>;

export function allocationResolvers(deps: { allocations: AllocationService; db: Database }): Own {
  const { db, allocations } = deps;
  const holds = ({ holdIds }: Allocated, _: object, { caller }: SubgraphContext) =>
    readHolds(db, caller.tenantId, holdIds);
  return {
    HoldAllocateSuccess: { holds },
    HoldReallocateSuccess: {
      hold: async (of, args, context) => (await holds(of, args, context))[0]!,
    },
    SaleUnitAllocateSuccess: { holds },
    Mutation: {
      holdAllocate: (_, { input }, { caller }) => allocations.allocate(caller, input),
      holdReallocate: (_, { input }, { caller }) => allocations.reallocate(caller, input),
      saleUnitAllocate: (_, { input }, { caller }) => allocations.allocateSale(caller, input),
    },
  };
}
