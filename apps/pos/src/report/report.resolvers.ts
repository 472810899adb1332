import type { Database } from '@onecount/db';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import type {
  QueryResolvers,
  Resolvers,
  ShiftFiguresResolvers,
  ShiftTaxResolvers,
  TenderTotalResolvers,
  XReportResolvers,
} from '../generated/resolver-types.ts';
import { registerLoader } from '../register/register.loaders.ts';
import { expectedOf, type Total } from './figures.ts';
import { readXReport } from './report.sql.ts';

type Deps = { db: Database };

export function reportResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    XReport: xReportFields(deps),
    ShiftFigures: figureFields,
    ShiftTotal: { total },
    CashierTotal: { total },
    CashMovementTotal: { total },
    RefundTotal: { total },
    TenderTotal: tenderFields,
    ShiftTax: taxFields,
    ExpectedTender: { amount: moneyOf },
  } satisfies Resolvers;
}

function queries({ db }: Deps) {
  return {
    xReport: async (_, { registerId }, { caller }) =>
      isUuid(registerId)
        ? ((await db.read(caller.tenantId, (tx) => readXReport(tx, registerId))) ?? null)
        : null,
  } satisfies QueryResolvers;
}

function xReportFields({ db }: Deps) {
  return {
    register: async ({ shift }, _, context) =>
      (await registerLoader(db, context).load(shift.registerId))!,
  } satisfies XReportResolvers;
}

const figureFields = {
  openingFloat: ({ openingFloatMinor, currencyCode }) =>
    openingFloatMinor === null || currencyCode === null
      ? null
      : moneyOf({ amountMinor: openingFloatMinor, currencyCode }),
  expected: (figures) => expectedOf(figures),
  discounts: ({ discounts }) => discounts ?? [],
  giftCards: ({ giftCards }) => giftCards ?? [],
  returns: ({ returns }) => returns ?? [],
  refunds: ({ refunds }) => refunds ?? [],
  postVoids: ({ postVoids }) => postVoids ?? [],
  layByPayments: ({ layByPayments }) => layByPayments ?? [],
  layBySales: ({ layBySales }) => layBySales ?? [],
  taxes: ({ taxes }) => taxes ?? [],
  roundings: ({ roundings }) => roundings ?? [],
} satisfies ShiftFiguresResolvers;

const taxFields = {
  name: ({ component }) => component,
  net: ({ baseMinor, currencyCode }) => moneyOf({ amountMinor: baseMinor, currencyCode }),
  amount: ({ taxMinor, currencyCode }) => moneyOf({ amountMinor: taxMinor, currencyCode }),
  returnedNet: ({ returnedBaseMinor: amountMinor, currencyCode }) =>
    moneyOf({ amountMinor, currencyCode }),
  returnedAmount: ({ returnedTaxMinor: amountMinor, currencyCode }) =>
    moneyOf({ amountMinor, currencyCode }),
} satisfies ShiftTaxResolvers;

const tenderFields = {
  received: ({ receivedMinor, currencyCode }) =>
    moneyOf({ amountMinor: receivedMinor, currencyCode }),
  change: ({ changeMinor, currencyCode }) => moneyOf({ amountMinor: changeMinor, currencyCode }),
  net: ({ receivedMinor, changeMinor, currencyCode }) =>
    moneyOf({ amountMinor: receivedMinor - changeMinor, currencyCode }),
} satisfies TenderTotalResolvers;

function total({ totalMinor, currencyCode }: Total) {
  return moneyOf({ amountMinor: totalMinor, currencyCode });
}
