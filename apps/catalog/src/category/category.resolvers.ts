import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { QueryResolvers } from '../generated/resolver-types.ts';
import { categoryPage } from './category.sql.ts';

export function categoryResolvers({ db }: { db: Database }) {
  const Query: Pick<QueryResolvers, 'categories'> = {
    async categories(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [afterName, afterId] = decodeCursor(after, ['text', 'uuid']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) =>
        categoryPage(tx, { afterName, afterId, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ name, id }) => [name, id] });
    },
  };
  return { Query };
}
