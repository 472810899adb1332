import type { SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from './stock-item.loaders.ts';
import type { ItemChangeService, ItemChanged } from './item-change.service.ts';

export function itemChangeResolvers(deps: {
  itemChanges: ItemChangeService;
  loaders: ItemLoaders;
}): Pick<Resolvers, 'StockItemCreateSuccess' | 'StockItemUpdateSuccess' | 'Mutation'> {
  const { itemChanges, loaders } = deps;
  const success = {
    stockItem: async ({ stockItemId }: ItemChanged, _: object, context: SubgraphContext) =>
      (await loaders.itemById(context, stockItemId))!,
  };
  return {
    StockItemCreateSuccess: success,
    StockItemUpdateSuccess: success,
    Mutation: {
      stockItemCreate: (_, { input }, { caller }) => itemChanges.create(caller, input),
      stockItemUpdate: (_, { input }, { caller }) => itemChanges.update(caller, input),
    },
  };
}
