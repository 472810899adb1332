import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { sdlIn, type Module } from '@onecount/service';
import type { MutationResolvers, QueryResolvers } from '../generated/resolver-types.ts';
import { createProductService } from '../product/product.service.ts';
import { productsById } from '../product/product.sql.ts';
import type { CatalogDeps } from '../shared.ts';
import { createProductLifeService } from './product-life.service.ts';
import { deletedProductIds } from './product-life.sql.ts';

export const productLifeModule: Module<CatalogDeps> = {
  name: 'product-life',
  typeDefs: sdlIn(import.meta.dirname),
  start: (deps) => ({ resolvers: resolvers(deps) }),
};

function resolvers({ db, inventory, stock }: CatalogDeps) {
  const life = createProductLifeService({ db, inventory });
  const products = createProductService({ db, stock });

  const Query: Pick<QueryResolvers, 'productReview' | 'productsDeleted'> = {
    productReview: (_, { id }, { caller }) => life.review(caller.tenantId, id),
    async productsDeleted(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [afterId] = decodeCursor(after, ['uuid']) ?? [];
      const rows = await db.read(caller.tenantId, async (tx) => {
        const ids = await deletedProductIds(tx, { afterId, limit });
        const byId = new Map((await productsById(tx, false, ids)).map((row) => [row.id, row]));
        return ids.map((id) => byId.get(id)!);
      });
      return connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
    },
  };

  type Names =
    'productPublish' | 'productDelete' | 'productRestore' | 'productDuplicate' | 'variantsReorder';
  const Mutation: Pick<MutationResolvers, Names> = {
    productPublish: (_, { input }, { caller }) => life.publish(caller, input),
    productDelete: (_, { input }, { caller }) => life.delete(caller, input),
    productRestore: (_, { input }, { caller }) => life.restore(caller, input),
    productDuplicate: (_, { input }, { caller }) => products.duplicate(caller, input),
    variantsReorder: (_, { input }, { caller }) => life.reorder(caller, input),
  };
  return { Query, Mutation };
}
