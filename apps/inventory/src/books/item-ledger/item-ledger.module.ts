import { sdlIn, type Module } from '@onecount/service';
import { unitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { itemLedgerResolvers } from './item-ledger.resolvers.ts';
import { createItemLedgerService } from './item-ledger.service.ts';
import { onRentalIncome } from './rental-income.consumer.ts';
import { onReturnIncome } from './return-income.consumer.ts';
import { onSaleIncome } from './sale-income.consumer.ts';

export const itemLedgerModule: Module<Shared> = {
  name: 'item-ledger',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: itemLedgerResolvers({
      db,
      itemLedger: createItemLedgerService({ db }),
      loaders: { ...itemLoaders(db), ...unitLoaders(db) },
    }),
    handlers: [onSaleIncome(), onReturnIncome(), onRentalIncome()],
  }),
};
