import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { sdlIn, type Module } from '@onecount/service';
import type { ProductChangeResolvers, ProductResolvers } from '../generated/resolver-types.ts';
import type { CatalogDeps } from '../shared.ts';
import { changeText, fieldName } from './product-history.ts';
import { productChanges } from './product-history.sql.ts';

export const productHistoryModule: Module<CatalogDeps> = {
  name: 'product-history',
  typeDefs: sdlIn(import.meta.dirname),
  start: (deps) => ({ resolvers: resolvers(deps) }),
};

function resolvers({ db, reads }: Pick<CatalogDeps, 'db' | 'reads'>) {
  const Product: Pick<ProductResolvers, 'history'> = {
    async history({ id: productId }, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [afterId] = decodeCursor(after, ['uuid']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) =>
        productChanges(tx, { productId, afterId, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
    },
  };
  const ProductChange: ProductChangeResolvers = {
    variant: ({ variantId }, _, context) =>
      variantId === null ? null : reads.variant(context, variantId),
    field: ({ field }) => fieldName(field),
    before: ({ before }) => changeText(before),
    after: ({ after }) => changeText(after),
  };
  return { Product, ProductChange };
}
