import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isStorable } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { UnitLoaders } from '../../kernel/serial-unit/serial-unit.loaders.ts';
import { createItemLedgerLoaders } from './item-ledger.loaders.ts';
import { selectReportPage } from './item-ledger.reads.sql.ts';
import type { ItemLedgerService } from './item-ledger.service.ts';
import { selectEntryPage } from './item-ledger.sql.ts';
import { marginOf, moneyOfSum, type EntryRow, type Period } from './item-ledger.ts';

type Loaders = ItemLoaders & UnitLoaders;
type Deps = { db: Database; itemLedger: ItemLedgerService; loaders: Loaders };
type Own = Pick<
  Resolvers,
  | 'StockItem'
  | 'SerialUnit'
  | 'ItemLedger'
  | 'ItemLedgerEntry'
  | 'ItemLedgerTotal'
  | 'ItemLedgerReportLine'
  | 'ItemLedgerEntrySuccess'
  | 'ItemLedgerEntryNotCorrectable'
  | 'MaintenanceDue'
  | 'Query'
  | 'Mutation'
>;

export function itemLedgerResolvers({ db, itemLedger, loaders }: Deps): Own {
  const own = createItemLedgerLoaders(db);
  return {
    StockItem: { ledger: ({ id }) => ({ stockItemId: id, serialUnitId: null }) },
    SerialUnit: { ledger: ({ id, stockItemId }) => ({ stockItemId, serialUnitId: id }) },
    ItemLedger: {
      async entries(of, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const before = decodeCursor(after, ['time', 'uuid']);
        const page = { ...of, kind: args.kind ?? null, before, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectEntryPage(tx, page));
        const cursorOf = (row: EntryRow) => [row.occurredAt.toISOString(), row.id];
        return connectionFrom(rows, { first, after, cursorOf });
      },
      totals: (of, period, context) => own.totals(context, of, checkedPeriod(period)),
      latestReadings: (of, _, context) => own.latestReadings(context, of),
      maintenanceDue: (of, _, context) => own.maintenanceDue(context, of),
    },
    MaintenanceDue: { entry: async (due, _, context) => (await own.entry(context, due.entryId))! },
    ItemLedgerEntry: {
      ...entryValues,
      stockItem: async (row, _, context) => (await loaders.itemById(context, row.stockItemId))!,
      serialUnit: (row, _, context) =>
        row.serialUnitId ? loaders.unit(context, row.serialUnitId) : null,
      corrects: (row, _, context) => (row.correctsId ? own.entry(context, row.correctsId) : null),
      correctedBy: (row, _, context) =>
        row.correctedById ? own.entry(context, row.correctedById) : null,
    },
    ItemLedgerTotal: {
      income: ({ income, currencyCode }) => moneyOfSum(BigInt(income), currencyCode),
      expense: ({ expense, currencyCode }) => moneyOfSum(BigInt(expense), currencyCode),
      costOfGoods: ({ costOfGoods, currencyCode }) => moneyOfSum(BigInt(costOfGoods), currencyCode),
      margin: (sums) => moneyOfSum(marginOf(sums), sums.currencyCode),
    },
    ItemLedgerReportLine: {
      stockItem: async (line, _, context) => (await loaders.itemById(context, line.stockItemId))!,
      totals: ({ stockItemId, period }, _, context) =>
        own.totals(context, { stockItemId, serialUnitId: null }, period),
    },
    ItemLedgerEntrySuccess: {
      entry: async ({ entryId }, _, context) => (await own.entry(context, entryId))!,
    },
    ItemLedgerEntryNotCorrectable: {
      entry: async ({ entryId }, _, context) => (await own.entry(context, entryId))!,
    },
    Query: {
      async itemLedgerReport(_, { from, to, filter, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [cursor] = decodeCursor(after) ?? [];
        const period = checkedPeriod({ from, to });
        const { category = null, tracking = null } = filter ?? {};
        const page = { period, after: cursor, category: storable(category), tracking, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectReportPage(tx, page));
        const lines = rows.map((row) => ({ ...row, period }));
        return connectionFrom(lines, { first, after, cursorOf: ({ sku }) => sku });
      },
    },
    Mutation: {
      itemIncomeAdd: (_, { input }, { caller }) => itemLedger.addIncome(caller, input),
      itemExpenseAdd: (_, { input }, { caller }) => itemLedger.addExpense(caller, input),
      maintenanceAdd: (_, { input }, { caller }) => itemLedger.addMaintenance(caller, input),
      usageReadingAdd: (_, { input }, { caller }) => itemLedger.addUsage(caller, input),
      itemLedgerEntryCorrect: (_, { input }, { caller }) => itemLedger.correct(caller, input),
    },
  };
}

const entryValues: Pick<
  NonNullable<Resolvers['ItemLedgerEntry']>,
  'amount' | 'usage' | 'maintenance'
> = {
  amount: ({ amountMinor, currencyCode }) =>
    amountMinor === null || currencyCode === null ? null : moneyOf({ amountMinor, currencyCode }),
  usage: ({ usageKind, reading, usageMeasure, isCorrection, occurredAt }) =>
    usageKind && reading && usageMeasure
      ? { kind: usageKind, reading, measure: usageMeasure, isCorrection, occurredAt }
      : null,
  maintenance: ({ what, provider, nextDueAt, nextDueKind, nextDueMeasure, nextDueReading }) => {
    if (what === null) return null;
    const isRead = nextDueKind && nextDueMeasure && nextDueReading;
    const mark = isRead
      ? { kind: nextDueKind, measure: nextDueMeasure, reading: nextDueReading }
      : null;
    return { what, provider, nextDueAt, nextDueReading: mark };
  },
};

function checkedPeriod(period: Period): Period {
  const { from, to } = period;
  if (from && to && new Date(from) >= new Date(to))
    throw badInput('A period ends after it begins.', { field: 'to', value: String(to) });
  return period;
}

// A category that cannot be stored is nobody's.
function storable(category: string | null): string | null {
  if (category !== null && !isStorable(category))
    throw badInput('category is no text that can be stored.', { field: 'filter.category' });
  return category;
}
