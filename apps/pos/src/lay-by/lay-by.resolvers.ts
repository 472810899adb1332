import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import type {
  LayByPaymentResolvers,
  LayByRefundResolvers,
  LayByResolvers,
  LayBySettingsResolvers,
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleResolvers,
} from '../generated/resolver-types.ts';
import { registerLoader } from '../register/register.loaders.ts';
import { rowLoader } from '../row-loader.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import type { LayByEndService } from './lay-by-end.service.ts';
import { readSettings } from './lay-by-settings.sql.ts';
import { expiresAt } from './lay-by.ts';
import type { LayByService } from './lay-by.service.ts';
import { layBysBySales, openLayBys, owedLayBys, type LayBy } from './lay-by.sql.ts';

type Deps = { db: Database; layBys: LayByService; ends: LayByEndService };

const layByLoader = rowLoader('lay-by', layBysBySales, ({ saleId }) => saleId);

export function layByResolvers(deps: Deps) {
  const { layBys, ends, db } = deps;
  return {
    Query: queries(deps),
    Mutation: {
      layByOpen: (_, { input }, { caller }) => layBys.open(caller, input),
      layByPay: (_, { input }, { caller }) => layBys.pay(caller, input),
      layByCancel: (_, { input }, { caller }) => ends.cancel(caller, input),
      layByRefund: (_, { input }, { caller }) => ends.refund(caller, input),
      layBySettingsSet: (_, { input }, { caller }) => ends.setTerms(caller, input),
    } satisfies MutationResolvers,
    LayBy: layByFields(deps),
    LayByInstalment: { amount: moneyOf },
    LayByPayment: paymentFields(deps),
    LayByRefund: { amount: moneyOf } satisfies LayByRefundResolvers,
    LayBySettings: {
      feeAmount: ({ feeMinor, feeCurrency }) =>
        feeMinor === null ? null : moneyOf({ amountMinor: feeMinor, currencyCode: feeCurrency! }),
    } satisfies LayBySettingsResolvers,
    Sale: {
      layBy: ({ id, isLayBy }, _, context) => (isLayBy ? layByLoader(db, context).load(id) : null),
    } satisfies SaleResolvers,
  } satisfies Resolvers;
}

function queries({ db }: Deps) {
  return {
    layBy: async (_, { id }, context) => (isUuid(id) ? layByLoader(db, context).load(id) : null),
    async layBys(_, { isOverdue, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const asked = { isOverdue: isOverdue ?? false, after: cursor, limit };
      const rows = await db.read(caller.tenantId, (tx) => openLayBys(tx, asked));
      const cursorOf = ({ duePosition, saleId }: LayBy) => [duePosition!, saleId];
      return connectionFrom(rows, { first, after, cursorOf });
    },
    async layByRefundsDue(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const rows = await db.read(caller.tenantId, (tx) => owedLayBys(tx, { after: cursor, limit }));
      const cursorOf = ({ endPosition, saleId }: LayBy) => [endPosition!, saleId];
      return connectionFrom(rows, { first, after, cursorOf });
    },
    layBySettings: (_, _args, { caller }) => db.read(caller.tenantId, readSettings),
  } satisfies QueryResolvers;
}

type Amounts = 'totalMinor' | 'paidMinor' | 'feeMinor' | 'keptFeeMinor';
const amount = (field: Amounts) => (layBy: LayBy) =>
  moneyOf({ amountMinor: layBy[field], currencyCode: layBy.currencyCode });

function layByFields({ db }: Deps) {
  return {
    sale: async ({ saleId }, _, context) => (await saleLoader(db, context).load(saleId))!,
    status: ({ outcome }) => outcome ?? 'OPEN',
    total: amount('totalMinor'),
    paid: amount('paidMinor'),
    cancellationFee: amount('feeMinor'),
    keptFee: amount('keptFeeMinor'),
    rest: ({ totalMinor, paidMinor, currencyCode }) =>
      moneyOf({ amountMinor: totalMinor - paidMinor, currencyCode }),
    expiresAt: ({ nextDueAt, expiry, graceDays }) =>
      nextDueAt && (expiresAt({ dueAt: nextDueAt, amountMinor: 0 }, { expiry, graceDays }) ?? null),
    refundDue: ({ owedMinor, refund, currencyCode }) =>
      owedMinor && !refund ? moneyOf({ amountMinor: owedMinor, currencyCode }) : null,
    instalments: ({ instalments, currencyCode, depositMinor, paidMinor }) => {
      let through = depositMinor;
      return instalments.map((one) => {
        through += one.amountMinor;
        return { ...one, currencyCode, isPaid: through <= paidMinor };
      });
    },
    payments: ({ ledger, currencyCode }) => ledger.map((one) => ({ ...one, currencyCode })),
    refund: ({ refund, currencyCode }) => refund && { ...refund, currencyCode },
  } satisfies LayByResolvers;
}

function paymentFields({ db }: Deps) {
  return {
    amount: moneyOf,
    register: ({ registerId }, _, context) =>
      registerId === null ? null : registerLoader(db, context).load(registerId),
    tenders: ({ tenders, currencyCode }) => tenders.map((tender) => ({ ...tender, currencyCode })),
  } satisfies LayByPaymentResolvers;
}
