import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { checkText, firstOf } from '@onecount/refusal';
import type { Resolvers } from '../../generated/resolver-types.ts';
import { filteredLocation } from '../location/location.filter.ts';
import type { ItemLoaders } from './stock-item.loaders.ts';
import { searchTextMax, selectItemPage, type ItemFilter } from './item-list.sql.ts';

export function itemListResolvers(deps: {
  db: Database;
  loaders: ItemLoaders;
}): Pick<Resolvers, 'StockItem' | 'Query'> {
  const { db, loaders } = deps;
  return {
    StockItem: {
      category: async ({ id }, _, context) =>
        (await loaders.category(context, id))?.category ?? null,
    },
    Query: {
      async stockItems(_, { filter, ...args }, context) {
        const { first, limit, after } = pageArgs(args);
        const { locationCode: _code, ...wanted } = filter ?? {};
        assertFilter(wanted);
        const locationId = await filteredLocation(db, context.caller, filter ?? {}, 'filter.');
        const page = { after: decodeCursor(after)?.[0], limit, filter: { ...wanted, locationId } };
        const rows = await db.read(context.caller.tenantId, (tx) => selectItemPage(tx, page));
        const items = await Promise.all(rows.map(({ id }) => loaders.itemById(context, id)));
        return connectionFrom(items as NonNullable<(typeof items)[number]>[], {
          first,
          after,
          cursorOf: ({ sku }) => sku,
        });
      },
    },
  };
}

function assertFilter({ text, category }: ItemFilter): void {
  const problem = firstOf(
    checkText('filter.text', text, { min: 1, max: searchTextMax }),
    checkText('filter.category', category, { min: 1, max: 255 }),
  );
  if (problem) throw badInput(problem.message, { field: String(problem['field']) });
}
