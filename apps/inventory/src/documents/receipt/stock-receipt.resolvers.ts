import type { Database } from '@onecount/db';
import {
  badInput,
  connectionFrom,
  decodeCursor,
  pageArgs,
  type SubgraphContext,
} from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isStorable } from '@onecount/refusal';
import type { Resolvers, StockReceiptFilter } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { filteredLocation } from '../../kernel/location/location.filter.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import type { StockReceiptService } from './stock-receipt.service.ts';
import { selectStockReceiptLines, selectStockReceipts } from './stock-receipt.sql.ts';
import type { StockReceiptLineRow, StockReceiptRow } from './stock-receipt.ts';

type Loaders = ItemLoaders & LocationLoaders;
type Deps = { db: Database; stockReceipts: StockReceiptService; loaders: Loaders };
type Own = Pick<
  Resolvers,
  | 'StockReceipt'
  | 'StockReceiptLine'
  | 'StockReceiptCreateSuccess'
  | 'StockReceiptReceiveSuccess'
  | 'StockReceiptEndSuccess'
  | 'Query'
  | 'Mutation'
>;

export function stockReceiptResolvers({ db, stockReceipts, loaders }: Deps): Own {
  const linesOf = lineLoader(db);
  const success = {
    stockReceipt: async (of: { stockReceiptId: string }, _: unknown, context: SubgraphContext) =>
      (await receiptLoader(db)(context, of.stockReceiptId))!,
  };
  return {
    StockReceiptCreateSuccess: success,
    StockReceiptReceiveSuccess: success,
    StockReceiptEndSuccess: success,
    StockReceipt: {
      location: async (receipt, _, context) =>
        (await loaders.location(context, receipt.locationId))!,
      lines: (receipt, _, context) => linesOf(context, receipt.id),
      differences: async (receipt, _, context) =>
        (await linesOf(context, receipt.id)).filter((line) => line.received !== line.expected),
    },
    StockReceiptLine: {
      stockItem: async (line, _, context) => (await loaders.itemById(context, line.stockItemId))!,
      difference: ({ received, expected }) => received - expected,
      unitCost: ({ unitCostMinor, unitCostCurrency }) =>
        unitCostMinor === null || unitCostCurrency === null
          ? null
          : moneyOf({ amountMinor: unitCostMinor, currencyCode: unitCostCurrency }),
    },
    Query: {
      stockReceipt: (_, { id }, { caller }) => stockReceipts.find(caller, id),
      async stockReceipts(_, { filter, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [before] = decodeCursor(after, ['uuid']) ?? [];
        const locationId = await filteredLocation(db, caller, filter ?? {}, 'filter.');
        const page = { before, limit, filter: { ...filterOf(filter), locationId } };
        const rows = await stockReceipts.page(caller, page);
        return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
      },
    },
    Mutation: {
      stockReceiptCreate: (_, { input }, { caller }) => stockReceipts.create(caller, input),
      stockReceiptReceive: (_, { input }, { caller }) => stockReceipts.receive(caller, input),
      stockReceiptClose: (_, { input }, { caller }) => stockReceipts.close(caller, input),
      stockReceiptCancel: (_, { input }, { caller }) => stockReceipts.cancel(caller, input),
    },
  };
}

function receiptLoader(db: Database) {
  return (context: SubgraphContext, id: string): Promise<StockReceiptRow | null> =>
    context
      .loader<string, StockReceiptRow | null>('stock-receipt', async (ids) => {
        const rows = await db.read(context.caller.tenantId, (tx) => selectStockReceipts(tx, ids));
        const byId = new Map(rows.map((row) => [row.id, row]));
        return ids.map((each) => byId.get(each) ?? null);
      })
      .load(id);
}

function lineLoader(db: Database) {
  return (context: SubgraphContext, id: string): Promise<StockReceiptLineRow[]> =>
    context
      .loader<string, StockReceiptLineRow[]>('stock-receipt-lines', async (ids) => {
        const rows = await db.read(context.caller.tenantId, (tx) =>
          selectStockReceiptLines(tx, ids),
        );
        const byReceipt = Map.groupBy(rows, ({ stockReceiptId }) => stockReceiptId);
        return ids.map((each) => byReceipt.get(each) ?? []);
      })
      .load(id);
}

function filterOf(filter: StockReceiptFilter | null | undefined) {
  const { status = null, supplier = null } = filter ?? {};
  if (supplier !== null && !isStorable(supplier))
    throw badInput('supplier cannot be read.', { field: 'filter.supplier', value: supplier });
  return { status, supplier };
}
