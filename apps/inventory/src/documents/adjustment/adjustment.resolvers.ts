import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { MovementLoaders } from '../../kernel/movement/movement.loaders.ts';
import type { AdjustmentService } from './adjustment.service.ts';
import type { SaleCorrectionService } from './sale-correction.service.ts';

type Loaders = ItemLoaders & MovementLoaders;

export function adjustmentResolvers(deps: {
  adjustments: AdjustmentService;
  corrections: SaleCorrectionService;
  loaders: Loaders;
}): Pick<Resolvers, 'StockAdjustSuccess' | 'SaleSizeCorrectSuccess' | 'Mutation'> {
  const { adjustments, corrections, loaders } = deps;
  return {
    StockAdjustSuccess: {
      movement: async (of, _, context) => (await loaders.movement(context, of.movementId))!,
      stockItem: async (of, _, context) => (await loaders.itemById(context, of.stockItemId))!,
    },
    SaleSizeCorrectSuccess: {
      wrong: async (of, _, context) => (await loaders.movement(context, of.wrongMovementId))!,
      right: async (of, _, context) => (await loaders.movement(context, of.rightMovementId))!,
      wrongItem: async (of, _, context) => (await loaders.itemById(context, of.wrongItemId))!,
      rightItem: async (of, _, context) => (await loaders.itemById(context, of.rightItemId))!,
    },
    Mutation: {
      stockAdjust: (_, { input }, { caller }) => adjustments.adjust(caller, input),
      saleSizeCorrect: (_, { input }, { caller }) => corrections.correct(caller, input),
    },
  };
}
