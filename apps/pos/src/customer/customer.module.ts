import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createCustomerPrivacyService } from './customer-privacy.service.ts';
import { customerResolvers } from './customer.resolvers.ts';
import { createCustomerService } from './customer.service.ts';
import { createSaleCustomerService } from './sale-customer.service.ts';

export const customerModule: Module<PosDeps> = {
  name: 'customer',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => {
    const customers = createCustomerService({ db });
    const privacy = createCustomerPrivacyService({ db });
    const buyers = createSaleCustomerService({ db });
    return { resolvers: customerResolvers({ db, customers, privacy, buyers }) };
  },
};
