import type { Database } from '@onecount/db';
import {
  badInput,
  connectionFrom,
  decodeCursor,
  pageArgs,
  type SubgraphContext,
} from '@onecount/graphql';
import { moneyOf, sumMinor } from '@onecount/money';
import { isStorable, isUuid } from '@onecount/refusal';
import type {
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleLineResolvers,
  SaleResolvers,
  SaleReturnResolvers,
} from '../generated/resolver-types.ts';
import { registerOf } from '../register/register.loaders.ts';
import { rowLoader } from '../row-loader.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import { lineAsItIs, type LineOfSale } from '../sale/sale.ts';
import { shiftOf } from '../shift/shift.loaders.ts';
import { storedValueLoader } from '../stored-value/stored-value.resolvers.ts';
import {
  returnedOfLines,
  returnPage,
  returnsByIds,
  returnsByNumber,
  returnsBySales,
} from './return.queries.ts';
import type { PostVoidService } from './post-void.service.ts';
import type { ReturnService } from './return.service.ts';
import type { SaleReturn } from './return.sql.ts';

type Deps = { db: Database; returns: ReturnService; postVoids: PostVoidService };

/** What of a return does not know its currency or its line: they are of the return and of the sale. */
export type LineOfReturn = SaleReturn['lines'][number] & {
  currencyCode: string;
  line: LineOfSale;
};
export type RefundOfReturn = SaleReturn['refunds'][number] & { currencyCode: string };

export function returnResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    Mutation: {
      saleReturn: (_, { input }, { caller }) => deps.returns.takeBack(caller, input),
      salePostVoid: (_, { input }, { caller }) => deps.postVoids.postVoid(caller, input),
    } satisfies MutationResolvers,
    SaleReturn: returnFields(deps),
    SaleReturnLine: { total: totalOf },
    ReturnRefund: {
      amount: moneyOf,
      storedValue: ({ storedValueId }, _, context) =>
        storedValueId === null ? null : storedValueLoader(deps.db, context).load(storedValueId),
    },
    Sale: saleFields(deps),
    SaleLine: lineFields(deps),
  } satisfies Resolvers;
}

const totalOf = ({ totalMinor, currencyCode }: { totalMinor: number; currencyCode: string }) =>
  moneyOf({ amountMinor: totalMinor, currencyCode });

function queries({ db }: Deps) {
  return {
    async saleReturn(_, { id, number }, { caller }) {
      if (Boolean(id) === Boolean(number))
        throw badInput('Give either id or number.', { field: 'id', value: id });
      if (id ? !isUuid(id) : !isStorable(number!)) return null;
      const [found] = await db.read(caller.tenantId, (tx) =>
        id ? returnsByIds(tx, [id]) : returnsByNumber(tx, number!),
      );
      return found ?? null;
    },
    async saleReturns(_, { registerId = null, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      if (registerId !== null && !isUuid(registerId))
        throw badInput('registerId is no id of ours.', { field: 'registerId', value: registerId });
      const asked = { registerId, limit, ...(cursor ? { after: cursor } : {}) };
      const rows = await db.read(caller.tenantId, (tx) => returnPage(tx, asked));
      const cursorOf = (row: SaleReturn) => [row.position, row.id];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies QueryResolvers;
}

function returnFields({ db }: Deps) {
  const saleOf = async ({ saleId }: SaleReturn, context: SubgraphContext) =>
    (await saleLoader(db, context).load(saleId))!;
  return {
    sale: (of, _, context) => saleOf(of, context),
    register: registerOf(db),
    shift: shiftOf(db),
    location: ({ locationId }) => ({ id: locationId }),
    total: totalOf,
    async lines(of, _, context) {
      const sale = await saleOf(of, context);
      return of.lines.map((back) => {
        const line = sale.lines.find(({ id }) => id === back.lineId)!;
        return { ...back, currencyCode: of.currencyCode, line: lineAsItIs(sale, line) };
      });
    },
    refunds: ({ refunds, currencyCode }) => refunds.map((refund) => ({ ...refund, currencyCode })),
  } satisfies SaleReturnResolvers;
}

function returnsOf(db: Database, saleId: string, context: SubgraphContext): Promise<SaleReturn[]> {
  const { tenantId } = context.caller;
  const loader = context.loader<string, SaleReturn[]>('returns-of-sale', async (ids) => {
    const bySale = Map.groupBy(
      await db.read(tenantId, (tx) => returnsBySales(tx, ids)),
      (row) => row.saleId,
    );
    return ids.map((id) => bySale.get(id) ?? []);
  });
  return loader.load(saleId);
}

function saleFields({ db }: Deps) {
  return {
    returns: ({ id }, _, context) => returnsOf(db, id, context),
    async refunded({ id, currencyCode }, _, context) {
      const returns = await returnsOf(db, id, context);
      return moneyOf({ amountMinor: sumMinor(returns.map((row) => row.totalMinor)), currencyCode });
    },
  } satisfies SaleResolvers;
}

const lineLoader = rowLoader('returned-of-line', returnedOfLines, ({ lineId }) => lineId);

function lineFields({ db }: Deps) {
  return {
    returnedQuantity: async ({ id }, _, context) =>
      (await lineLoader(db, context).load(id))?.quantity ?? 0,
  } satisfies SaleLineResolvers;
}
