import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { discountResolvers } from './discount.resolvers.ts';
import { createDiscountService } from './discount.service.ts';
import { promotionResolvers } from './promotion.resolvers.ts';
import { createPromotionService } from './promotion.service.ts';

export const discountModule: Module<PosDeps> = {
  name: 'discount',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, locations }) => {
    const discounts = discountResolvers({ db, discounts: createDiscountService({ db }) });
    const promotions = createPromotionService({ db, locations });
    const ofPromotions = promotionResolvers({ db, promotions });
    return {
      resolvers: {
        ...discounts,
        ...ofPromotions,
        Mutation: { ...discounts.Mutation, ...ofPromotions.Mutation },
        Query: { ...discounts.Query, ...ofPromotions.Query },
      },
    };
  },
};
