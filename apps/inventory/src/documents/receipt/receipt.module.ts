import { sdlIn, type Module } from '@onecount/service';
import { locationLoaders } from '../../kernel/location/location.loaders.ts';
import { unitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import type { Shared } from '../../kernel/shared.ts';
import { itemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { receiptResolvers } from './receipt.resolvers.ts';
import { createReceiptService } from './receipt.service.ts';
import { stockReceiptResolvers } from './stock-receipt.resolvers.ts';
import { createStockReceiptService } from './stock-receipt.service.ts';

export const receiptModule: Module<Shared> = {
  name: 'receipt',
  typeDefs: sdlIn(import.meta.dirname),
  start({ db, onChange }) {
    const loaders = { ...itemLoaders(db), ...locationLoaders(db), ...unitLoaders(db) };
    const stockReceipts = createStockReceiptService({ db, onChange });
    return {
      resolvers: [
        receiptResolvers({ receipts: createReceiptService({ db, onChange }), loaders }),
        stockReceiptResolvers({ db, stockReceipts, loaders }),
      ],
    };
  },
};
