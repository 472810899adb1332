import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { ItemLoaders } from '../../kernel/stock-item/stock-item.loaders.ts';
import { filteredLocation } from '../../kernel/location/location.filter.ts';
import type { LocationLoaders } from '../../kernel/location/location.loaders.ts';
import { isLow, type LowStockRow, type ReorderSuggestionRow } from './low-stock.ts';
import { countLowStock, selectLowStock, selectReorderSuggestions } from './low-stock.sql.ts';

type Loaders = ItemLoaders & LocationLoaders;
type Deps = { db: Database; loaders: Loaders };
type Own = Pick<Resolvers, 'LowStock' | 'Query' | 'ReorderSuggestion' | 'StockItem'>;

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
      async lowStock(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const cursor = decodeCursor(after, ['time', 'uuid']);
        const locationId = await filteredLocation(db, caller, args);
        const page = { locationId, after: cursor, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectLowStock(tx, page));
        const cursorOf = (row: LowStockRow) => [row.place, row.stockItemId];
        return connectionFrom(rows, { first, after, cursorOf });
      },
      async lowStockCount(_, named, { caller }) {
        const locationId = await filteredLocation(db, caller, named);
        return db.read(caller.tenantId, (tx) => countLowStock(tx, locationId));
      },
      async reorderSuggestions(_, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const cursor = decodeCursor(after, ['uuid', 'uuid']);
        const locationId = await filteredLocation(db, caller, args);
        const page = { locationId, after: cursor, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectReorderSuggestions(tx, page));
        const cursorOf = (row: ReorderSuggestionRow) => [row.stockItemId, row.locationId];
        return connectionFrom(rows, { first, after, cursorOf });
      },
    },
  };
}
