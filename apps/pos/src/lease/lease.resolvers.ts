import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import { entity } from '../entity.ts';
import type {
  LeaseLineResolvers,
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleResolvers,
} from '../generated/resolver-types.ts';
import { registerOf } from '../register/register.loaders.ts';
import { rowLoader } from '../row-loader.ts';
import type { LeaseService } from './lease.service.ts';
import { leasePage, leasesByIds } from './lease.sql.ts';
import type { Lease } from './lease.ts';
import type { OfflineSaleService } from './offline-sale.service.ts';

type Deps = { db: Database; leases: LeaseService; offlineSales: OfflineSaleService };

const leaseLoader = rowLoader('lease', leasesByIds, ({ id }) => id);

export function leaseResolvers(deps: Deps) {
  const { db, leases, offlineSales } = deps;
  return {
    Query: queries(deps),
    Mutation: {
      leaseTake: (_, { input }, { caller }) => leases.take(caller, input),
      leaseEnd: (_, { input }, { caller }) => leases.end(caller, input),
      offlineSaleRecord: (_, { input }, { caller }) => offlineSales.record(caller, input),
    } satisfies MutationResolvers,
    Lease: { register: registerOf(db) },
    LeaseLine: lineFields,
    Sale: {
      lease: ({ leaseId }, _, context) =>
        leaseId === null ? null : leaseLoader(db, context).load(leaseId),
    } satisfies SaleResolvers,
  } satisfies Resolvers;
}

function queries({ db }: Deps) {
  return {
    lease: (_, { id }, context) =>
      isUuid(id) ? leaseLoader(db, context).load(id.toLowerCase()) : null,
    async leases(_, { registerId = null, isKept = null, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      if (registerId !== null && !isUuid(registerId))
        throw badInput('registerId is no id of ours.', { field: 'registerId', value: registerId });
      const page = { registerId, isKept, after: cursor, limit };
      const rows = await db.read(caller.tenantId, (tx) => leasePage(tx, page));
      const cursorOf = (lease: Lease) => [lease.position, lease.id];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies QueryResolvers;
}

const lineFields = {
  variant: ({ variantId }) => entity(variantId),
  serialUnit: ({ serialUnitId }) => entity(serialUnitId),
  unitPrice: ({ priceMinor, currencyCode }) =>
    priceMinor === null || currencyCode === null
      ? null
      : moneyOf({ amountMinor: priceMinor, currencyCode }),
} satisfies LeaseLineResolvers;
