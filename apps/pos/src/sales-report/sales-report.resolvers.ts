import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import type {
  QueryResolvers,
  Resolvers,
  SalesFiguresResolvers,
  SalesReportResolvers,
  TenderFiguresResolvers,
} from '../generated/resolver-types.ts';
import type { ReportFile } from './report-export.ts';
import { readGroups, readTotals } from './report-groups.sql.ts';
import { checkedOf } from './report-period.ts';
import { salesStatements } from './sales-report.sql.ts';
import { averageOf, type SalesFigures, type SalesRow } from './sales-report.ts';
import { readTenders } from './tender-report.sql.ts';

type Deps = {
  db: Database;
  address: (tenantId: string, file: ReportFile) => { url: string; expiresAt: Date };
};

export function salesReportResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    SalesReport: reportFields(deps),
    SalesReportRow: { key: ({ key }) => key || null, figures: (row) => row },
    SalesFigures: figureFields,
    TenderFigures: tenderFields,
  } satisfies Resolvers;
}

function queries({ db, address }: Deps) {
  return {
    salesReport: (_, { groupBy, ...args }) => ({ ...checkedOf(args), groupBy }),
    tenderReport: (_, args, { caller }) =>
      db.read(caller.tenantId, (tx) => readTenders(tx, checkedOf(args))),
    reportExport(_, { kind, groupBy, byteOrderMark, ...args }, { caller }) {
      const file = { kind, ...checkedOf(args), groupBy, hasByteOrderMark: byteOrderMark };
      return address(caller.tenantId, file);
    },
  } satisfies QueryResolvers;
}

function reportFields({ db }: Deps) {
  return {
    totals: (report, _, { caller }) =>
      db.read(caller.tenantId, (tx) => readTotals<SalesFigures>(tx, salesStatements, report)),
    async rows(report, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const page = { after: decodeCursor(after, ['text', 'text']), limit };
      const rows = await db.read(caller.tenantId, (tx) =>
        readGroups<SalesRow>(tx, salesStatements, report, page),
      );
      const cursorOf = ({ key, currencyCode }: SalesRow) => [key, currencyCode];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies SalesReportResolvers;
}

type InCurrency = { currencyCode: string };
const money = ({ currencyCode }: InCurrency, amountMinor: number) =>
  moneyOf({ amountMinor, currencyCode });

const figureFields = {
  gross: (of) => money(of, of.grossMinor),
  discounts: (of) => money(of, of.discountMinor),
  sold: (of) => money(of, of.soldMinor),
  returned: (of) => money(of, of.returnedMinor),
  net: (of) => money(of, of.soldMinor - of.returnedMinor),
  averageSale(of) {
    const average = averageOf(of);
    return average === null ? null : money(of, average);
  },
} satisfies SalesFiguresResolvers;

const tenderFields = {
  received: (of) => money(of, of.receivedMinor),
  change: (of) => money(of, of.changeMinor),
  refunded: (of) => money(of, of.refundedMinor),
  net: (of) => money(of, of.receivedMinor - of.changeMinor - of.refundedMinor),
} satisfies TenderFiguresResolvers;
