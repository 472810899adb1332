import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import { customerLoader } from '../customer/customer.loaders.ts';
import type {
  MutationResolvers,
  QueryResolvers,
  RentalResolvers,
  Resolvers,
} from '../generated/resolver-types.ts';
import { rowLoader } from '../row-loader.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import type { RentalOutService } from './rental-out.service.ts';
import type { RentalService } from './rental.service.ts';
import { rentalPage, rentalsByIds } from './rental.sql.ts';
import { dueOf, type Rental } from './rental.ts';

type Deps = { db: Database; rentals: RentalService; outs: RentalOutService };

export function rentalResolvers(deps: Deps) {
  const { rentals, outs } = deps;
  return {
    Query: queries(deps),
    Mutation: {
      rentalBook: (_, { input }, { caller }) => rentals.book(caller, input),
      rentalOut: (_, { input }, { caller }) => outs.handOut(caller, input),
      rentalBack: (_, { input }, { caller }) => rentals.back(caller, input),
      rentalCancel: (_, { input }, { caller }) => rentals.cancel(caller, input),
    } satisfies MutationResolvers,
    Rental: fields(deps),
  } satisfies Resolvers;
}

const rentalLoader = rowLoader('rental', rentalsByIds, ({ id }) => id);

function queries({ db }: Deps) {
  return {
    rental: (_, { id }, context) =>
      isUuid(id) ? rentalLoader(db, context).load(id.toLowerCase()) : null,
    async rentals(_, { status = null, serialUnitId = null, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      if (serialUnitId !== null && !isUuid(serialUnitId))
        throw badInput('serialUnitId is no id of ours.', {
          ...{ field: 'serialUnitId', value: serialUnitId },
        });
      const rows = await db.read(caller.tenantId, (tx) =>
        rentalPage(tx, { status, serialUnitId }, { after: cursor, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: ({ position, id }) => [position, id] });
    },
  } satisfies QueryResolvers;
}

const money = (amountMinor: number, { currencyCode }: Rental) =>
  moneyOf({ amountMinor, currencyCode });
const moneyIf = (amountMinor: number | null, of: Rental) =>
  amountMinor === null ? null : money(amountMinor, of);

function fields({ db }: Deps) {
  return {
    customer: async ({ customerId }, _, context) =>
      (await customerLoader(db, context).load(customerId))!,
    serialUnit: ({ serialUnitId }) => ({ id: serialUnitId }),
    price: (of) => money(of.priceMinor, of),
    lateFeePerDay: (of) => money(of.lateDayMinor, of),
    sale: ({ saleId }, _, context) =>
      saleId === null ? null : saleLoader(db, context).load(saleId),
    deposit: (of) => money(of.depositMinor, of),
    lateFee: (of) => moneyIf(of.lateMinor, of),
    damageFee: (of) => moneyIf(of.damageMinor, of),
    depositBack: (of) => moneyIf(of.depositBackMinor, of),
    due(of) {
      const { lateMinor, damageMinor, depositMinor } = of;
      if (lateMinor === null || damageMinor === null) return null;
      return money(dueOf({ lateMinor, damageMinor }, depositMinor), of);
    },
    conflictSale: ({ conflictSaleId }, _, context) =>
      conflictSaleId === null ? null : saleLoader(db, context).load(conflictSaleId),
  } satisfies RentalResolvers;
}
