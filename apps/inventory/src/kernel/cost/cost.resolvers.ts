import type { Database } from '@onecount/db';
import { connectionFrom, decodeCursor, pageArgs, type SubgraphContext } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import type { Resolvers } from '../../generated/resolver-types.ts';
import type { MovementLoaders } from '../movement/movement.loaders.ts';
import { averageOf } from './cost.ts';
import { selectCostLayers, selectItemCosts, type ItemCost } from './cost.sql.ts';

export function costResolvers(deps: {
  db: Database;
  loaders: MovementLoaders;
}): Pick<Resolvers, 'StockItem' | 'CostLayer'> {
  const { db, loaders } = deps;

  // One read for a whole page of items.
  const costOf = (context: SubgraphContext, stockItemId: string): Promise<ItemCost | null> =>
    context
      .loader<string, ItemCost | null>('item-cost', async (ids) => {
        const rows = await db.read(context.caller.tenantId, (tx) => selectItemCosts(tx, ids));
        const byId = new Map(rows.map((row) => [row.stockItemId, row]));
        return ids.map((id) => byId.get(id) ?? null);
      })
      .load(stockItemId);

  return {
    StockItem: {
      async averageCost({ id }, _, context) {
        const cost = await costOf(context, id);
        return cost && moneyOf({ amountMinor: averageOf(cost), currencyCode: cost.currency });
      },
      async stockValue({ id }, _, context) {
        const cost = await costOf(context, id);
        return cost && moneyOf({ amountMinor: cost.valueMinor, currencyCode: cost.currency });
      },
      valuedQuantity: async ({ id }, _, context) => (await costOf(context, id))?.quantity ?? 0,
      async costLayers({ id }, args, { caller }) {
        const { first, limit, after } = pageArgs(args);
        const [cursor] = decodeCursor(after, ['integer']) ?? [];
        const page = { stockItemId: id, after: cursor, limit };
        const rows = await db.read(caller.tenantId, (tx) => selectCostLayers(tx, page));
        return connectionFrom(rows, { first, after, cursorOf: (row) => String(row.position) });
      },
    },
    CostLayer: {
      movement: ({ movementId }, _, context) =>
        movementId ? loaders.movement(context, movementId) : null,
      cost: ({ costMinor, currency }) =>
        moneyOf({ amountMinor: costMinor, currencyCode: currency }),
      remainingCost: ({ remainingMinor, currency }) =>
        moneyOf({ amountMinor: remainingMinor, currencyCode: currency }),
    },
  };
}
