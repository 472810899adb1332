import type { Database } from '@onecount/db';
import { moneyOf } from '@onecount/money';
import type {
  DiscountSettingsResolvers,
  MutationResolvers,
  QueryResolvers,
  Resolvers,
  SaleDiscountResolvers,
  SaleLineDiscountResolvers,
  SaleLineResolvers,
  SaleResolvers,
} from '../generated/resolver-types.ts';
import { lineAsItIs } from '../sale/sale.ts';
import { discountSettings } from './discount-setting.sql.ts';
import type { DiscountService } from './discount.service.ts';
import { discountTotalOf } from './discount.ts';
import { percentText } from './percent.ts';

type Deps = { db: Database; discounts: DiscountService };

export function discountResolvers({ db, discounts }: Deps) {
  return {
    Mutation: {
      saleDiscountGive: (_, { input }, { caller }) => discounts.give(caller, input),
      saleDiscountRemove: (_, { input }, { caller }) => discounts.remove(caller, input),
      discountSettingsSet: (_, { input }, { caller }) => discounts.setSettings(caller, input),
    } satisfies MutationResolvers,
    Query: {
      discountSettings: (_, __, { caller }) => db.read(caller.tenantId, discountSettings),
    } satisfies QueryResolvers,
    DiscountSettings: {
      limitPercent: ({ limitBasisPoints }) => percentText(limitBasisPoints),
    } satisfies DiscountSettingsResolvers,
    Sale: {
      discounts: (sale) => sale.discounts.map((discount) => ({ ...discount, sale })),
      discountTotal: (sale) =>
        moneyOf({ amountMinor: discountTotalOf(sale), currencyCode: sale.currencyCode }),
    } satisfies SaleResolvers,
    SaleLine: {
      discounts: (line) => line.discounts,
      listPrice: ({ listPriceMinor, currencyCode }) =>
        listPriceMinor === null ? null : moneyOf({ amountMinor: listPriceMinor, currencyCode }),
      discountTotal: ({ discountMinor, currencyCode }) =>
        moneyOf({ amountMinor: discountMinor, currencyCode }),
    } satisfies SaleLineResolvers,
    SaleLineDiscount: { amount: moneyOf } satisfies SaleLineDiscountResolvers,
    SaleDiscount: discountFields,
  } satisfies Resolvers;
}

const discountFields = {
  line: ({ sale, lineId }) => {
    const line = sale.lines.find(({ id }) => id === lineId);
    return line ? lineAsItIs(sale, line) : null;
  },
  percent: ({ basisPoints }) => (basisPoints === null ? null : percentText(basisPoints)),
  amount: ({ askedMinor, sale: { currencyCode } }) =>
    askedMinor === null ? null : moneyOf({ amountMinor: askedMinor, currencyCode }),
  taken: ({ amountMinor, sale: { currencyCode } }) => moneyOf({ amountMinor, currencyCode }),
} satisfies SaleDiscountResolvers;
