import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createRefundService } from './refund.service.ts';
import { webCheckoutResolvers } from './web-checkout.resolvers.ts';
import { createWebCheckoutService } from './web-checkout.service.ts';

export const webCheckoutModule: Module<PosDeps> = {
  name: 'web-checkout',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, checkout }) => {
    const webCheckout = createWebCheckoutService(checkout.parts);
    const refunds = createRefundService({ db });
    return { resolvers: webCheckoutResolvers({ db, webCheckout, refunds }) };
  },
};
