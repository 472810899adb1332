import { sdlIn, type Module } from '@onecount/service';
import { holdLoaders } from '../hold/hold.loaders.ts';
import { locationLoaders } from '../location/location.loaders.ts';
import { movementLoaders } from '../movement/movement.loaders.ts';
import { unitLoaders } from '../serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../shared.ts';
import { itemChangeResolvers } from './item-change.resolvers.ts';
import { createItemChangeService } from './item-change.service.ts';
import { itemListResolvers } from './item-list.resolvers.ts';
import { onProductChanged } from './product-changed.consumer.ts';
import { reorderRuleResolvers } from './reorder-rule.resolvers.ts';
import { createReorderRuleService } from './reorder-rule.service.ts';
import { stockUsesResolvers } from './stock-uses.resolvers.ts';
import { itemLoaders } from './stock-item.loaders.ts';
import { stockItemResolvers } from './stock-item.resolvers.ts';
import { createStockItemService } from './stock-item.service.ts';

export const stockItemModule: Module<Shared> = {
  name: 'stock-item',
  typeDefs: sdlIn(import.meta.dirname),
  start({ db, log }) {
    const loaders = {
      ...itemLoaders(db),
      ...holdLoaders(db),
      ...locationLoaders(db),
      ...movementLoaders(db),
      ...unitLoaders(db),
    };
    return {
      resolvers: [
        stockItemResolvers({ db, stockItems: createStockItemService({ db }), loaders }),
        itemListResolvers({ db, loaders }),
        stockUsesResolvers({ db }),
        itemChangeResolvers({ itemChanges: createItemChangeService({ db }), loaders }),
        reorderRuleResolvers({ reorderRules: createReorderRuleService({ db }), loaders }),
      ],
      handlers: [onProductChanged({ log })],
    };
  },
};
