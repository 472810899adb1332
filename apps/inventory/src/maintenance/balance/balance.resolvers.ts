import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import { checkInstant } from '../../kernel/stock-item/instant.sql.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { filteredLocation } from '../../kernel/location/location.filter.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import type { StockAtRow } from './balance.ts';
import { selectStockAt, selectStockAtPage, selectStockTotals } from './balance.sql.ts';

type Loaders = ItemLoaders & LocationLoaders;
type Deps = { db: Database; loaders: Loaders };
type Own = Pick<Resolvers, 'Query' | 'StockAt' | 'StockItem' | 'StockTotal'>;

export function balanceResolvers({ db, loaders }: Deps): Own {
  const locationOf = async (
    { locationId }: { locationId: string },
    _: object,
    context: SubgraphContext,
  ) => (await loaders.location(context, locationId))!;
  return {
    StockItem: {
      async stockAt(item, { at }, context) {
        const { tenantId } = context.caller;
        await db.read(tenantId, (tx) => checkInstant(tx, at, item.id));
        return stockOfItem(db, context, { at, stockItemId: item.id });
      },
    },
    StockAt: {
      stockItem: async ({ stockItemId }, _, context) =>
        (await loaders.itemById(context, stockItemId))!,
      location: locationOf,
      available: ({ onHand, committed }) => onHand - committed,
    },
    StockTotal: { location: locationOf },
    Query: queriesOf(db),
  };
}

/** Those of one request are read together. */
function stockOfItem(
  db: Database,
  context: SubgraphContext,
  { at, stockItemId }: { at: string; stockItemId: string },
): Promise<StockAtRow[]> {
  return context
    .loader<string, StockAtRow[]>(`stock-at/${at}`, async (stockItemIds) => {
      const rows = await db.read(context.caller.tenantId, (tx) =>
        selectStockAt(tx, { stockItemIds, at }),
      );
      const byItem = Map.groupBy(rows, (row) => row.stockItemId);
      return stockItemIds.map((id) => byItem.get(id) ?? []);
    })
    .load(stockItemId);
}

function queriesOf(db: Database): Pick<Resolvers['Query'] & object, 'stockAt' | 'stockTotalsAt'> {
  return {
    async stockAt(_, { at, ...args }, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const cursor = decodeCursor(after, ['uuid', 'uuid']);
      const locationId = await filteredLocation(db, caller, args);
      const rows = await db.read(caller.tenantId, async (tx) => {
        await checkInstant(tx, at);
        return selectStockAtPage(tx, { at, locationId, after: cursor, limit });
      });
      const cursorOf = (row: StockAtRow) => [row.stockItemId, row.locationId];
      return connectionFrom(rows, { first, after, cursorOf });
    },
    async stockTotalsAt(_, { at, ...named }, { caller }) {
      const locationId = await filteredLocation(db, caller, named);
      return db.read(caller.tenantId, async (tx) => {
        await checkInstant(tx, at);
        return selectStockTotals(tx, { at, locationId });
      });
    },
  };
}
