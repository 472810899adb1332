import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { createSaleTaxService } from './sale-tax.service.ts';
import { taxResolvers } from './tax.resolvers.ts';
import { createTaxService } from './tax.service.ts';

export const taxModule: Module<PosDeps> = {
  name: 'tax',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, locations }) => ({
    resolvers: taxResolvers({
      ...{ db, locations },
      taxes: createTaxService({ db, locations }),
      saleTaxes: createSaleTaxService({ db }),
    }),
  }),
};
