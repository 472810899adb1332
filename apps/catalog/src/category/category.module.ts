import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { categoryResolvers } from './category.resolvers.ts';
import { createCategoryService } from './category.service.ts';

export const categoryModule: Module<CatalogDeps> = {
  name: 'category',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, reads }) => ({
    resolvers: categoryResolvers({ db, reads, categories: createCategoryService({ db }) }),
  }),
};
