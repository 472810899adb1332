import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { isUuid } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import { isLow, type LowStockRow, type ReorderSuggestionRow } from './low-stock.ts';
import { countLowStock, selectLowStock, selectReorderSuggestions } from './low-stock.sql.ts';

type Loaders = ItemLoaders & LocationLoaders;
type Deps = { db: Database; loaders: Loaders };
type Own = Pick<Resolvers, 'LowStock' | 'Query' | 'ReorderSuggestion' | 'StockItem'>;

// An id that is none of ours is a location where nothing stands.
const nowhere = '00000000-0000-0000-0000-000000000000';
const placeOf = (locationId: string | null | undefined): string | null =>
  locationId && !isUuid(locationId) ? nowhere : (locationId ?? null);

export function lowStockResolvers({ db, loaders }: Deps): Own {
  return {
    StockItem: { isLowStock: isLow },
    LowStock: {
      stockItem: async ({ stockItemId }, _, context) =>
        (await loaders.itemById(context, stockItemId))!,
    },
    ReorderSuggestion: {
      stockItem: async ({ stockItemId }, _, context) =>
        (await loaders.itemById(context, stockItemId))!,
      location: async ({ locationId }, _, context) =>
        (await loaders.location(context, locationId))!,
    },
    Query: {
      async lowStock(_, { locationId, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const cursor = decodeCursor(after, ['time', 'uuid']);
        const page = { locationId: placeOf(locationId), after: cursor, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectLowStock(tx, page));
        const cursorOf = (row: LowStockRow) => [row.place, row.stockItemId];
        return connectionFrom(rows, { first, after, cursorOf });
      },
      lowStockCount: (_, { locationId }, { caller }) =>
        db.read(caller.tenantId, (tx) => countLowStock(tx, placeOf(locationId))),
      async reorderSuggestions(_, { locationId, ...args }, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const cursor = decodeCursor(after, ['uuid', 'uuid']);
        const page = { locationId: placeOf(locationId), after: cursor, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectReorderSuggestions(tx, page));
        const cursorOf = (row: ReorderSuggestionRow) => [row.stockItemId, row.locationId];
        return connectionFrom(rows, { first, after, cursorOf });
      },
    },
  };
}
