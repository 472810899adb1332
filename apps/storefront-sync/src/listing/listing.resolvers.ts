import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import { found, loadConnection } from '../connection/connection.resolvers.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { listingsByIds, listingsByVariants } from './listing.sql.ts';
import type { ListingRow } from './listing.ts';

export type VariantParent = { id: string };

export function listingResolvers({ db }: { db: Database }): Resolvers {
  return {
    Listing: {
      __resolveReference: ({ id }, context) => listingById(db, context, id),
      connection: async ({ connectionId }, _args, context) =>
        found(await loadConnection(db, context, connectionId)),
      variant: ({ variantId }) => ({ id: variantId }),
      available: ({ isTracked, available }) => (isTracked ? available : null),
      isDelivered: ({ version, deliveredVersion }) => version === deliveredVersion,
      nextAttemptAt: ({ version, deliveredVersion, nextAttemptAt }) =>
        version === deliveredVersion ? null : nextAttemptAt,
    },
    Variant: {
      // Whether the variant exists is catalog's to say; another tenant's id simply has no listings here.
      __resolveReference: ({ id }) => ({ id }),
      listings: ({ id }, _args, context) => listingsOfVariant(db, context, id),
    },
  };
}

async function listingById(
  db: Database,
  context: SubgraphContext,
  id: string,
): Promise<ListingRow | undefined> {
  if (!isUuid(id)) return undefined;
  const loader = context.loader<string, ListingRow | undefined>('listing', async (ids) => {
    const rows = await db.read(context.caller.tenantId, (tx) => listingsByIds(tx, ids));
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    return ids.map((one) => rowOf.get(one));
  });
  return loader.load(id.toLowerCase());
}

async function listingsOfVariant(
  db: Database,
  context: SubgraphContext,
  id: string,
): Promise<ListingRow[]> {
  if (!isUuid(id)) return [];
  const loader = context.loader<string, ListingRow[]>('listings of variant', async (ids) => {
    const rows = await db.read(context.caller.tenantId, (tx) => listingsByVariants(tx, ids));
    const rowsOf = Map.groupBy(rows, ({ variantId }) => variantId);
    return ids.map((one) => rowsOf.get(one) ?? []);
  });
  return loader.load(id.toLowerCase());
}
