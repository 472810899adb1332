import type { SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from './stock-item.loaders.ts';
import type { ReorderRuleService } from './reorder-rule.service.ts';
import type { LevelRow } from './stock-item.ts';
type Own = Pick<
  Resolvers,
  'ReorderRule' | 'StockItem' | 'Level' | 'ReorderRuleSetSuccess' | 'Mutation'
>;

export function reorderRuleResolvers(deps: {
  reorderRules: ReorderRuleService;
  loaders: ItemLoaders;
}): Own {
  const { reorderRules, loaders } = deps;
  const ruleOf = async (context: SubgraphContext, { stockItemId, locationId }: LevelRow) =>
    (await loaders.reorderRules(context, stockItemId)).find(
      (rule) => rule.locationId === locationId,
    );
  return {
    ReorderRule: {
      location: ({ locationId, code, name }) => ({ id: locationId, code, name }),
    },
    StockItem: { reorderRules: ({ id }, _, context) => loaders.reorderRules(context, id) },
    Level: {
      reorderPoint: async (level, _, context) =>
        (await ruleOf(context, level))?.reorderPoint ?? null,
      reorderQuantity: async (level, _, context) =>
        (await ruleOf(context, level))?.reorderQuantity ?? null,
    },
    ReorderRuleSetSuccess: {
      stockItem: async (of, _, context) => (await loaders.itemById(context, of.stockItemId))!,
    },
    Mutation: {
      reorderRuleSet: (_, { input }, { caller }) => reorderRules.set(caller, input),
    },
  };
}
