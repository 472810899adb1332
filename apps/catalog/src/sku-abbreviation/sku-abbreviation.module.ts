import { sdlIn, type Module, type ServiceDeps } from '@onecount/service';
import { skuAbbreviationResolvers } from './sku-abbreviation.resolvers.ts';
import { createSkuAbbreviationService } from './sku-abbreviation.service.ts';

export const skuAbbreviationModule: Module<Pick<ServiceDeps, 'db'>> = {
  name: 'sku-abbreviation',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: skuAbbreviationResolvers({
      db,
      abbreviations: createSkuAbbreviationService({ db }),
    }),
  }),
};
