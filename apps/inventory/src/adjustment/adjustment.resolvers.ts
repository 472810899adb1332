import { answer } from '../answer.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { Loaders } from '../loaders.ts';
import type { AdjustmentService } from './adjustment.service.ts';

export function adjustmentResolvers(deps: {
  adjustments: AdjustmentService;
  loaders: Loaders;
}): Pick<Resolvers, 'StockAdjustSuccess' | 'Mutation'> {
  const { adjustments, loaders } = deps;
  return {
    StockAdjustSuccess: {
      movement: async (of, _, context) => (await loaders.movement(context, of.movementId))!,
      stockItem: async (of, _, context) => (await loaders.itemById(context, of.stockItemId))!,
    },
    Mutation: {
      stockAdjust: async (_, { input }, { caller }) =>
        answer('StockAdjustSuccess', await adjustments.adjust(caller, input)),
    },
  };
}
