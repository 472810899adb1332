import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import type {
  MarginFiguresResolvers,
  MarginReportResolvers,
  QueryResolvers,
  Resolvers,
} from '../generated/resolver-types.ts';
import { marginStatements } from './margin-report.sql.ts';
import {
  marginOf,
  marginPercentOf,
  sellThroughPercentOf,
  type MarginFigures,
  type MarginRow,
} from './margin-report.ts';
import { readGroups, readTotals } from './report-groups.sql.ts';
import { checkedOf } from './report-period.ts';
import { readSellThrough } from './sell-through.sql.ts';

type Deps = { db: Database };

export function marginReportResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    MarginReport: reportFields(deps),
    MarginReportRow: { key: ({ key }) => key || null, figures: (row) => row },
    MarginFigures: figureFields,
    SellThrough: { percent: sellThroughPercentOf },
  } satisfies Resolvers;
}

function queries({ db }: Deps) {
  return {
    marginReport: (_, { groupBy, ...args }) => ({ ...checkedOf(args), groupBy }),
    async sellThrough(_, { locationId, locationCode, fromDate, toDate, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const of = checkedOf({ fromDate, toDate, filter: { locationId, locationCode } });
      const [sku] = decodeCursor(after, ['text']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) =>
        readSellThrough(tx, of, { after: sku, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: (row) => [row.sku] });
    },
  } satisfies QueryResolvers;
}

function reportFields({ db }: Deps) {
  return {
    totals: (report, _, { caller }) =>
      db.read(caller.tenantId, (tx) => readTotals<MarginFigures>(tx, marginStatements, report)),
    async rows(report, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const page = { after: decodeCursor(after, ['text', 'text']), limit };
      const rows = await db.read(caller.tenantId, (tx) =>
        readGroups<MarginRow>(tx, marginStatements, report, page),
      );
      const cursorOf = ({ key, currencyCode }: MarginRow) => [key, currencyCode];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies MarginReportResolvers;
}

const money = ({ currencyCode }: { currencyCode: string }, amountMinor: number) =>
  moneyOf({ amountMinor, currencyCode });

const figureFields = {
  net: (of) => money(of, of.netMinor),
  netWithoutCost: (of) => money(of, of.netWithoutCostMinor),
  cost: (of) => money(of, of.costMinor),
  margin: (of) => money(of, marginOf(of)),
  marginPercent: marginPercentOf,
} satisfies MarginFiguresResolvers;
