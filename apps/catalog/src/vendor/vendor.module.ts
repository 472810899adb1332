import { sdlIn, type Module, type ServiceDeps } from '@onecount/service';
import { vendorResolvers } from './vendor.resolvers.ts';

export const vendorModule: Module<Pick<ServiceDeps, 'db'>> = {
  name: 'vendor',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({ resolvers: vendorResolvers({ db }) }),
};
