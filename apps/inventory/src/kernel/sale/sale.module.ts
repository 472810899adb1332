import { sdlIn, type Module } from '@onecount/service';
import type { Shared } from '../shared.ts';
import { onSaleCommitted } from './sale-committed.consumer.ts';
import { onSaleVoided } from './sale-voided.consumer.ts';
import { saleResolvers } from './sale.resolvers.ts';
import { createSaleService } from './sale.service.ts';

export const saleModule: Module<Shared> = {
  name: 'sale',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, log, holds, onChange }) => ({
    resolvers: saleResolvers({ sales: createSaleService({ db, holds, onChange }) }),
    handlers: [onSaleCommitted({ onChange }), onSaleVoided({ log, onChange })],
  }),
};
