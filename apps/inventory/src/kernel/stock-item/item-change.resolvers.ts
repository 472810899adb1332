import type { SubgraphContext } from '@onecount/graphql';
import { answer } from '../../answer.ts';
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
      stockItemCreate: async (_, { input }, { caller }) =>
        answer('StockItemCreateSuccess', await itemChanges.create(caller, input)),
      stockItemUpdate: async (_, { input }, { caller }) =>
        answer('StockItemUpdateSuccess', await itemChanges.update(caller, input)),
    },
  };
}
