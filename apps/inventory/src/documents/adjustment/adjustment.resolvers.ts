import type { Database } from '@onecount/db';
import { badInput } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { MovementLoaders } from '../../kernel/movement/movement.loaders.ts';
import type { AdjustmentService } from './adjustment.service.ts';
import type { CountsSetService } from './counts-set.service.ts';
import { stockCounts } from './counts-set.sql.ts';
import type { SaleCorrectionService } from './sale-correction.service.ts';

type Loaders = ItemLoaders & MovementLoaders;

export function adjustmentResolvers(deps: {
  adjustments: AdjustmentService;
  corrections: SaleCorrectionService;
  counts: CountsSetService;
  db: Database;
  loaders: Loaders;
}): Pick<Resolvers, 'StockAdjustSuccess' | 'SaleSizeCorrectSuccess' | 'Query' | 'Mutation'> {
  const { adjustments, corrections, counts, db, loaders } = deps;
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
    Query: {
      stockCounts(_, { skus }, { caller }) {
        if (skus.length > 1_000) throw badInput('At most 1,000 SKUs.', { field: 'skus' });
        return db.read(caller.tenantId, (tx) => stockCounts(tx, skus));
      },
      stockCountsPreview: (_, asked, { caller }) => counts.preview(caller, asked),
    },
    Mutation: {
      stockCountsSet: (_, { input }, { caller }) => counts.set(caller, input),
      stockAdjust: (_, { input }, { caller }) => adjustments.adjust(caller, input),
      saleSizeCorrect: (_, { input }, { caller }) => corrections.correct(caller, input),
    },
  };
}
