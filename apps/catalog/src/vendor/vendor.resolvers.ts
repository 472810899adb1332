import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { isStorable } from '@onecount/refusal';
import type {
  MutationResolvers,
  QueryResolvers,
  VendorConnectionResolvers,
} from '../generated/resolver-types.ts';
import type { Reads } from '../reads.ts';
import type { VendorService } from './vendor.service.ts';
import { countVendors, vendorByName, vendorPage } from './vendor.sql.ts';

export function vendorResolvers(deps: { db: Database; reads: Reads; vendors: VendorService }) {
  const { db, reads, vendors } = deps;
  const Query: Pick<QueryResolvers, 'vendor' | 'vendors'> = {
    async vendor(_, { id, name }, context) {
      if (typeof id === 'string' && typeof name !== 'string') return reads.vendor(context, id);
      if (typeof name !== 'string' || typeof id === 'string') {
        throw badInput('Give either id or name.', { field: 'id' });
      }
      if (!isStorable(name)) return null;
      return db.read(context.caller.tenantId, (tx) => vendorByName(tx, name.trim()));
    },
    async vendors(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [afterName, afterId] = decodeCursor(after, ['text', 'uuid']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) =>
        vendorPage(tx, { afterName, afterId, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ name, id }) => [name, id] });
    },
  };
  const Mutation: Pick<MutationResolvers, 'vendorCreate' | 'vendorUpdate'> = {
    vendorCreate: (_, { input }, { caller }) => vendors.create(caller, input),
    vendorUpdate: (_, { input }, { caller }) => vendors.update(caller, input),
  };
  const VendorConnection: VendorConnectionResolvers = {
    totalCount: (_, _args, { caller }) => db.read(caller.tenantId, countVendors),
  };
  return { Query, Mutation, VendorConnection };
}
