import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { sdlIn, type Module } from '@onecount/service';
import type { MutationResolvers, ProductResolvers } from '../generated/resolver-types.ts';
import { productsById } from '../product/product.sql.ts';
import type { CatalogDeps } from '../shared.ts';
import { viewerOf } from '../viewer.ts';
import { createProductSplitService } from './product-split.service.ts';
import { siblingIds } from './product-split.sql.ts';

export const productSplitModule: Module<Pick<CatalogDeps, 'db'>> = {
  name: 'product-split',
  typeDefs: sdlIn(import.meta.dirname),
  start: (deps) => ({ resolvers: resolvers(deps) }),
};

function resolvers({ db }: Pick<CatalogDeps, 'db'>) {
  const splits = createProductSplitService({ db });
  const Mutation: Pick<MutationResolvers, 'productSplit'> = {
    productSplit: (_, { input }, { caller }) => splits.split(caller, input),
  };
  const Product: Pick<ProductResolvers, 'siblings'> = {
    async siblings({ id, productGroupId: groupId }, args, context) {
      const { first, limit, after } = pageArgs(args);
      const [afterId] = decodeCursor(after, ['uuid']) ?? [];
      const isPublic = viewerOf(context) !== 'STAFF';
      const rows = await db.read(context.caller.tenantId, async (tx) => {
        if (groupId === null) return [];
        const ids = await siblingIds(tx, isPublic, { groupId, id, afterId, limit });
        const byId = new Map((await productsById(tx, isPublic, ids)).map((row) => [row.id, row]));
        return ids.map((one) => byId.get(one)!);
      });
      return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
    },
  };
  return { Mutation, Product };
}
