import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import type {
  InsufficientStockResolvers,
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleClaimReasonResolvers,
  SaleLineResolvers,
  SaleRefundResolvers,
  SaleResolvers,
  UnitNotAvailableResolvers,
} from '../generated/resolver-types.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import { isOwedBack, owedMinor } from '../sale/sale.ts';
import { isBuyer } from './public-basket.ts';
import { refundsDue, type RefundService } from './refund.service.ts';
import type { WebCheckoutService } from './web-checkout.service.ts';

type Deps = { db: Database; webCheckout: WebCheckoutService; refunds: RefundService };

export function webCheckoutResolvers({ db, webCheckout, refunds }: Deps) {
  return {
    Mutation: {
      saleCheckout: (_, { input }, { caller }) => webCheckout.checkout(caller, input),
      saleRefundSettle: (_, { input }, { caller }) => refunds.settle(caller, input),
    } satisfies MutationResolvers,
    Query: {
      async saleRefundsDue(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const cursor = decodeCursor(after, ['time', 'uuid']);
        const rows = await db.read(caller.tenantId, (tx) =>
          refundsDue(tx, { after: cursor, limit }),
        );
        const cursorOf = ({ sale, voidedAt }: (typeof rows)[number]) => [voidedAt, sale.id];
        const page = connectionFrom(rows, { first, after, cursorOf });
        const edges = page.edges.map(({ cursor: place, node }) => ({
          cursor: place,
          node: node.sale,
        }));
        return { ...page, edges, nodes: edges.map(({ node }) => node) };
      },
    } satisfies QueryResolvers,
    Sale: {
      expiredCheckout: ({ lateOf }, _, context) =>
        lateOf === null ? null : saleLoader(db, context).load(lateOf),
      refund: (sale) => (isOwedBack(sale) ? sale : null),
      voidReason: forStaff('voidReason'),
    } satisfies SaleResolvers,
    SaleRefund: refundFields,
    SaleLine: { note: forStaff('note') } satisfies SaleLineResolvers,
    SaleClaimReason: { locationCode: forStaff('locationCode') } satisfies SaleClaimReasonResolvers,
    InsufficientStock: {
      locationCode: forStaff('locationCode'),
    } satisfies InsufficientStockResolvers,
    UnitNotAvailable: {
      locationCode: forStaff('locationCode'),
    } satisfies UnitNotAvailableResolvers,
  } satisfies Resolvers;
}

/** What people of the shop wrote, and where stock is, is no page's: a web shop is told how many and not where. */
const forStaff =
  <Field extends string>(field: Field) =>
  (row: { [Name in Field]?: string | null }, _: unknown, { caller }: SubgraphContext) =>
    isBuyer(caller, 'sale:read') && isBuyer(caller, 'sale:write') ? null : (row[field] ?? null);

const refundFields = {
  amount: (sale) => moneyOf({ amountMinor: owedMinor(sale), currencyCode: sale.currencyCode }),
  settledAt: ({ refund }) => refund?.settledAt ?? null,
  settledBy: ({ refund }) => refund?.settledBy ?? null,
  reference: ({ refund }) => refund?.reference ?? null,
} satisfies SaleRefundResolvers;
