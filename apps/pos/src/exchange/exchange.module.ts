import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { exchangeResolvers } from './exchange.resolvers.ts';
import { createExchangeService } from './exchange.service.ts';

export const exchangeModule: Module<PosDeps> = {
  name: 'exchange',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, checkout }) => ({
    resolvers: exchangeResolvers({ db, exchanges: createExchangeService(checkout.parts) }),
  }),
};
