import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { discountResolvers } from './discount.resolvers.ts';
import { createDiscountService } from './discount.service.ts';

export const discountModule: Module<PosDeps> = {
  name: 'discount',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: discountResolvers({ db, discounts: createDiscountService({ db }) }),
  }),
};
