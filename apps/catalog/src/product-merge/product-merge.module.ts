import { sdlIn, type Module } from '@onecount/service';
import type { MutationResolvers, ProductResolvers } from '../generated/resolver-types.ts';
import type { CatalogDeps } from '../shared.ts';
import { createProductMergeService } from './product-merge.service.ts';

export const productMergeModule: Module<Pick<CatalogDeps, 'db' | 'reads'>> = {
  name: 'product-merge',
  typeDefs: sdlIn(import.meta.dirname),
  start: (deps) => ({ resolvers: resolvers(deps) }),
};

function resolvers({ db, reads }: Pick<CatalogDeps, 'db' | 'reads'>) {
  const merges = createProductMergeService({ db });
  const Mutation: Pick<MutationResolvers, 'productsMerge'> = {
    productsMerge: (_, { input }, { caller }) => merges.merge(caller, input),
  };
  const Product: Pick<ProductResolvers, 'mergedInto'> = {
    mergedInto: ({ mergedIntoId }, _, context) =>
      mergedIntoId === null ? null : reads.product(context, mergedIntoId),
  };
  return { Mutation, Product };
}
