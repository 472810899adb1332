import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type {
  QueryResolvers,
  Resolvers,
  SaleDifferenceResolvers,
  SaleReconciliationResolvers,
} from '../generated/resolver-types.ts';
import { saleLoader } from '../sale/sale.loaders.ts';
import { checkedOf } from '../sales-report/report-period.ts';
import { readCounts, readDifferences } from './reconcile.sql.ts';

type Deps = { db: Database };

const settledSecondsMax = 86_400;

export function reconcileResolvers(deps: Deps) {
  return {
    Query: queries,
    SaleReconciliation: reconciliationFields(deps),
    SaleDifference: differenceFields(deps),
  } satisfies Resolvers;
}

const queries = {
  saleReconcile(_, { settledSeconds, ...args }) {
    if (settledSeconds < 0 || settledSeconds > settledSecondsMax)
      throw badInput(`settledSeconds is 0 to ${settledSecondsMax}, not ${settledSeconds}.`, {
        field: 'settledSeconds',
        value: settledSeconds,
      });
    const { fromDate, toDate } = checkedOf(args);
    return { fromDate, toDate, before: new Date(Date.now() - settledSeconds * 1000) };
  },
} satisfies QueryResolvers;

function reconciliationFields({ db }: Deps) {
  return {
    counts: (of, _, { caller }) => db.read(caller.tenantId, (tx) => readCounts(tx, of)),
    async differences(of, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const [position] = decodeCursor(after, ['text']) ?? [];
      const rows = await db.read(caller.tenantId, (tx) =>
        readDifferences(tx, of, { after: position, limit }),
      );
      return connectionFrom(rows, { first, after, cursorOf: (row) => [row.position] });
    },
  } satisfies SaleReconciliationResolvers;
}

function differenceFields({ db }: Deps) {
  return {
    sale: ({ saleId }, _, context) => saleLoader(db, context).load(saleId),
  } satisfies SaleDifferenceResolvers;
}
