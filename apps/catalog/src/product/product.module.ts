import { sdlIn, type Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { MediaEntity, ProductEntity, ProductOptionEntity } from './product.entity.ts';
import { productResolvers } from './product.resolvers.ts';
import { createProductService } from './product.service.ts';

export const productModule: Module<CatalogDeps> = {
  name: 'product',
  typeDefs: sdlIn(import.meta.dirname),
  entities: [ProductEntity, ProductOptionEntity, MediaEntity],
  start: ({ db, stock, reads }) => ({
    resolvers: productResolvers({ db, products: createProductService({ db, stock }), reads }),
  }),
};
