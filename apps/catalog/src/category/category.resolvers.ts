import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type {
  CategoryResolvers,
  MutationResolvers,
  QueryResolvers,
} from '../generated/resolver-types.ts';
import type { Reads } from '../reads.ts';
import type { CategoryService } from './category.service.ts';
import { categoryByPath, categoryPage } from './category.sql.ts';
import { namesIn, separator } from './category.ts';

const childrenDefault = 50;

export function categoryResolvers(deps: {
  db: Database;
  reads: Reads;
  categories: CategoryService;
}) {
  const { db, reads, categories } = deps;

  async function pageOf(
    tenantId: string,
    { parentId, paging }: { parentId?: string; paging: ReturnType<typeof pageArgs> },
  ) {
    const { first, limit, after } = paging;
    const [afterPath, afterId] = decodeCursor(after, ['text', 'uuid']) ?? [];
    const args = { afterPath, afterId, limit, ...(parentId === undefined ? {} : { parentId }) };
    const rows = await db.read(tenantId, (tx) => categoryPage(tx, args));
    return connectionFrom(rows, { first, after, cursorOf: ({ path, id }) => [path, id] });
  }

  const Query: Pick<QueryResolvers, 'categories' | 'category'> = {
    async category(_, { id, path }, context) {
      if (typeof id === 'string' && typeof path !== 'string') return reads.category(context, id);
      if (typeof path !== 'string' || typeof id === 'string') {
        throw badInput('Give either id or path.', { field: 'id' });
      }
      if (path.includes('\u0000')) return null;
      const spelt = namesIn(path).join(separator);
      return db.read(context.caller.tenantId, (tx) => categoryByPath(tx, spelt));
    },
    categories: (_, args, { caller }) => pageOf(caller.tenantId, { paging: pageArgs(args) }),
  };

  type Mutations =
    'categoryCreate' | 'categoryRename' | 'categoryMove' | 'categoryMerge' | 'categoryDelete';
  const Mutation: Pick<MutationResolvers, Mutations> = {
    categoryCreate: (_, { input }, { caller }) => categories.create(caller, input),
    categoryRename: (_, { input }, { caller }) => categories.rename(caller, input),
    categoryMove: (_, { input }, { caller }) => categories.move(caller, input),
    categoryMerge: (_, { input }, { caller }) => categories.merge(caller, input),
    categoryDelete: (_, { input }, { caller }) => categories.delete(caller, input),
  };

  const Category: CategoryResolvers = {
    parent: ({ parentId }, _, context) =>
      parentId === null ? null : reads.category(context, parentId),
    children: ({ id }, args, { caller }) =>
      pageOf(caller.tenantId, { parentId: id, paging: pageArgs(args, childrenDefault) }),
    async productsTotal({ id }, _, context) {
      return (await reads.categoryProductsTotal(context, id))?.total ?? 0;
    },
  };

  return { Query, Mutation, Category };
}
