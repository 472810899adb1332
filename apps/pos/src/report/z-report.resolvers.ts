import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isUuid } from '@onecount/refusal';
import type {
  QueryResolvers,
  Resolvers,
  ShiftResolvers,
  TenderCountResolvers,
  ZReportResolvers,
} from '../generated/resolver-types.ts';
import { rowLoader } from '../row-loader.ts';
import { registerOf } from '../register/register.loaders.ts';
import { checkTillFilter } from '../shift/till-filter.ts';
import { shiftOf } from '../shift/shift.loaders.ts';
import { zReportPage, zReportsByIds, zReportsByShifts, type ZReport } from './z-report.sql.ts';

type Deps = { db: Database };

export function zReportResolvers(deps: Deps) {
  return {
    Query: queries(deps),
    ZReport: reportFields(deps),
    Shift: shiftFields(deps),
    TenderCount: tenderFields,
  } satisfies Resolvers;
}

function queries({ db }: Deps) {
  return {
    async zReport(_, { id }, { caller }) {
      if (!isUuid(id)) return null;
      const [report] = await db.read(caller.tenantId, (tx) => zReportsByIds(tx, [id]));
      return report ?? null;
    },
    async zReports(_, { filter, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['time', 'uuid']);
      const asked = filter ?? {};
      checkTillFilter(asked);
      const rows = await db.read(caller.tenantId, (tx) =>
        zReportPage(tx, asked, { after: cursor, limit }),
      );
      const cursorOf = (report: ZReport) => [report.position, report.id];
      return connectionFrom(rows, { first, after, cursorOf });
    },
  } satisfies QueryResolvers;
}

function reportFields({ db }: Deps) {
  return {
    register: registerOf(db),
    shift: shiftOf(db),
    denominations: ({ denominations, figures }) =>
      denominations.map(({ valueMinor, count }) => {
        const inDrawer = (amountMinor: number) =>
          moneyOf({ amountMinor, currencyCode: figures.currencyCode! });
        return { denomination: inDrawer(valueMinor), count, total: inDrawer(valueMinor * count) };
      }),
  } satisfies ZReportResolvers;
}

const tenderFields = {
  expected: ({ expectedMinor, currencyCode }) =>
    moneyOf({ amountMinor: expectedMinor, currencyCode }),
  counted: ({ countedMinor, currencyCode }) =>
    countedMinor === null ? null : moneyOf({ amountMinor: countedMinor, currencyCode }),
  difference: ({ countedMinor, expectedMinor, currencyCode }) =>
    countedMinor === null
      ? null
      : moneyOf({ amountMinor: countedMinor - expectedMinor, currencyCode }),
} satisfies TenderCountResolvers;

function shiftFields({ db }: Deps) {
  return {
    zReport: ({ id }, _, context) => zReportLoader(db, context).load(id),
  } satisfies ShiftResolvers;
}

const zReportLoader = rowLoader('z-report-of-shift', zReportsByShifts, ({ shiftId }) => shiftId);
