import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type {
  MutationResolvers,
  ProductGroupResolvers,
  ProductResolvers,
  QueryResolvers,
} from '../generated/resolver-types.ts';
import type { Reads } from '../reads.ts';
import { viewerOf } from '../viewer.ts';
import type { ProductService } from './product.service.ts';
import { productByHandle, productsOfGroup } from './product.sql.ts';

const variantsDefault = 50;

export function productResolvers(deps: { db: Database; products: ProductService; reads: Reads }) {
  const { db, products, reads } = deps;

  const Query: Pick<QueryResolvers, 'product'> = {
    async product(_, { id, handle }, context) {
      if ((id ?? null) === null ? (handle ?? null) === null : (handle ?? null) !== null) {
        throw badInput('Give either id or handle.', { field: 'id' });
      }
      if (typeof id === 'string') return reads.product(context, id);
      return db.read(context.caller.tenantId, (tx) =>
        productByHandle(tx, viewerOf(context) !== 'STAFF', handle ?? ''),
      );
    },
  };

  const Mutation: Pick<MutationResolvers, 'productCreate' | 'productUpdate' | 'productStatusSet'> =
    {
      productCreate: (_, { input }, { caller }) => products.create(caller, input),
      productUpdate: (_, { input }, { caller }) => products.update(caller, input),
      productStatusSet: (_, { input }, { caller }) => products.setStatus(caller, input),
    };

  const Product: ProductResolvers = {
    __resolveReference: ({ id }, context) => reads.product(context, id),
    vendor: ({ vendorId }, _, context) =>
      vendorId === null ? null : reads.vendor(context, vendorId),
    category: ({ categoryId }, _, context) =>
      categoryId === null ? null : reads.category(context, categoryId),
    async formerHandles({ id }, _, context) {
      return (await reads.formerHandles(context, id)).map(({ handle }) => handle);
    },
    productGroup: ({ productGroupId }, _, context) =>
      productGroupId === null ? null : reads.productGroup(context, productGroupId),
    options: ({ id }, _, context) => reads.options(context, id),
    media: ({ id }, _, context) => reads.media(context, id),
    async variantsTotal({ id }, _, context) {
      return (await reads.variantsTotal(context, id))?.total ?? 0;
    },
    async variants({ id }, args, context) {
      const { first, limit, after } = pageArgs(args, variantsDefault);
      const [afterPosition = '0'] = decodeCursor(after, ['integer']) ?? [];
      const page = { afterPosition: Number(afterPosition), limit };
      const rows = await reads.variants(context, id, page);
      return connectionFrom(rows, { first, after, cursorOf: ({ position }) => [position] });
    },
  };

  const ProductGroup: ProductGroupResolvers = {
    async products({ id: groupId }, args, context) {
      const { first, limit, after } = pageArgs(args);
      const [afterId] = decodeCursor(after, ['uuid']) ?? [];
      const isPublic = viewerOf(context) !== 'STAFF';
      const rows = await db.read(context.caller.tenantId, (tx) =>
        productsOfGroup(tx, isPublic, { groupId, afterId, limit }),
      );
      const page = connectionFrom(rows, { first, after, cursorOf: ({ id }) => id });
      return { ...page, search: { filter: { productGroupId: groupId }, isPublic } };
    },
  };

  return { Query, Mutation, Product, ProductGroup };
}
