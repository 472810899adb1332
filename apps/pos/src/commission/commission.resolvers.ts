import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { percentText } from '../discount/percent.ts';
import type {
  CommissionReportRowResolvers,
  QueryResolvers,
  Resolvers,
} from '../generated/resolver-types.ts';
import { checkedOf } from '../sales-report/report-period.ts';
import type { CommissionService } from './commission.service.ts';
import { ratePage, readCommissions } from './commission.sql.ts';

type Deps = { db: Database; commissions: CommissionService };

export function commissionResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    Mutation: {
      commissionRateSet: (_, { input }, { caller }) => deps.commissions.setRate(caller, input),
    },
    CommissionRate: { percent: ({ basisPoints }) => percentText(basisPoints) },
    CommissionReportRow: rowFields,
  } satisfies Resolvers;
}

function queries({ db }: Deps) {
  return {
    async commissionRates(_, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 20);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const rows = await db.read(caller.tenantId, (tx) => ratePage(tx, { after: cursor, limit }));
      return connectionFrom(rows, { first, after, cursorOf: (rate) => [rate.position, rate.id] });
    },
    async commissionReport(_, { fromDate, toDate, filter, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const of = checkedOf({ fromDate, toDate, filter });
      const [position] = decodeCursor(after, ['text']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) =>
        readCommissions(tx, of, { after: position, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: (row) => [row.position] });
    },
  } satisfies QueryResolvers;
}

const money = ({ currencyCode }: { currencyCode: string }, amountMinor: number) =>
  moneyOf({ amountMinor, currencyCode });

const rowFields = {
  percent: ({ basisPoints }) => (basisPoints === null ? null : percentText(basisPoints)),
  net: (row) => money(row, row.netMinor),
  netWithoutCost: (row) => money(row, row.netWithoutCostMinor),
  base: (row) => money(row, row.baseMinor),
  commission: (row) => money(row, row.commissionMinor),
} satisfies CommissionReportRowResolvers;
