import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type {
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleNotParkedResolvers,
  SaleResolvers,
} from '../generated/resolver-types.ts';
import { registerLoader } from '../register/register.loaders.ts';
import { checkTillFilter } from '../shift/till-filter.ts';
import type { ParkingService } from './parking.service.ts';
import { parkedPage } from './parking.sql.ts';
import { parkingOf } from './parking.ts';

type Deps = { db: Database; parking: ParkingService };

export function parkingResolvers({ db, parking }: Deps) {
  return {
    Query: parkingQueries(db),
    Mutation: {
      saleRename: (_, { input }, { caller }) => parking.rename(caller, input),
      salePark: (_, { input }, { caller }) => parking.park(caller, input),
      saleResume: (_, { input }, { caller }) => parking.resume(caller, input),
      saleMove: (_, { input }, { caller }) => parking.move(caller, input),
    } satisfies MutationResolvers,
    Sale: { parking: parkingOf } satisfies SaleResolvers,
    SaleNotParked: {
      register: ({ sale: { registerId } }, _, context) =>
        registerId === null ? null : registerLoader(db, context).load(registerId),
    } satisfies SaleNotParkedResolvers,
  } satisfies Resolvers;
}

function parkingQueries(db: Database) {
  return {
    async parkedSales(_, { locationId, locationCode, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      checkTillFilter({ locationId, locationCode });
      const rows = await db.read(caller.tenantId, (tx) =>
        parkedPage(tx, { locationId, locationCode }, { after: cursor, limit }),
      );
      const cursorOf = ({ sale, parkedAt }: (typeof rows)[number]) => [parkedAt, sale.id];
      const page = connectionFrom(rows, { first, after, cursorOf });
      const edges = page.edges.map(({ cursor: place, node }) => ({
        cursor: place,
        node: node.sale,
      }));
      return { ...page, edges, nodes: edges.map(({ node }) => node) };
    },
  } satisfies QueryResolvers;
}
