import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { QueryResolvers, VendorConnectionResolvers } from '../generated/resolver-types.ts';
import { countVendors, vendorPage } from './vendor.sql.ts';

export function vendorResolvers({ db }: { db: Database }) {
  const Query: Pick<QueryResolvers, 'vendors'> = {
    async vendors(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [afterName, afterId] = decodeCursor(after, ['text', 'uuid']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) =>
        vendorPage(tx, { afterName, afterId, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ name, id }) => [name, id] });
    },
  };
  const VendorConnection: VendorConnectionResolvers = {
    totalCount: (_, _args, { caller }) => db.read(caller.tenantId, countVendors),
  };
  return { Query, VendorConnection };
}
