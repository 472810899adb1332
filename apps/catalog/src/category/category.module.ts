import { sdlIn, type Module, type ServiceDeps } from '@onecount/service';
import { categoryResolvers } from './category.resolvers.ts';

export const categoryModule: Module<Pick<ServiceDeps, 'db'>> = {
  name: 'category',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({ resolvers: categoryResolvers({ db }) }),
};
