import type { Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import type { SubgraphContext } from '@onecount/graphql';
import type { Resolvers } from '../../generated/resolver-types.ts';
import { selectLiveHolds } from '../hold/hold.sql.ts';
import type { HoldLoaders } from '../hold/hold.loaders.ts';
import type { ItemLoaders } from './stock-item.loaders.ts';
import { filteredLocation } from '../location/location.filter.ts';
import type { LocationLoaders } from '../location/location.loaders.ts';
import type { MovementLoaders } from '../movement/movement.loaders.ts';
import type { UnitLoaders } from '../serial-unit/serial-unit.loaders.ts';
import { selectMovementPage } from '../movement/movement.sql.ts';
import { explained } from './explain.ts';
import { selectExplanation } from './explain.sql.ts';
import type { StockItemService } from './stock-item.service.ts';
import { sumOf } from './stock-item.ts';

type Loaders = HoldLoaders & ItemLoaders & LocationLoaders & MovementLoaders & UnitLoaders;
type Deps = { db: Database; stockItems: StockItemService; loaders: Loaders };
type Own = Pick<
  Resolvers,
  'Variant' | 'StockItem' | 'Level' | 'StockExplanation' | 'Query' | 'Mutation'
>;

export function stockItemResolvers({ db, stockItems, loaders }: Deps): Own {
  return {
    Variant: {
      // What catalog knows of it is none of our business: an id is enough to look for its stock.
      __resolveReference: ({ id }) => ({ id }),
      stock: async ({ id }, _, context) =>
        loaders.shown(context, await loaders.itemByVariant(context, id)),
    },
    StockItem: {
      ...stockItemLists(db, loaders),
      __resolveReference: async (key, context) =>
        loaders.shown(context, await itemOf(loaders, context, key)),
      onHand: (item) => sumOf(item, 'onHand'),
      committed: (item) => sumOf(item, 'committed'),
      available: (item) => (item.tracking === 'NONE' ? null : sumOf(item, 'available')),
      variant: ({ variantId }) => (variantId ? { id: variantId } : null),
    },
    Level: {
      location: ({ locationId, code, name }) => ({ id: locationId, code, name }),
    },
    StockExplanation: explanationFields(loaders),
    Query: {
      async stockItem(_, { id, sku }, context) {
        if (Boolean(id) === Boolean(sku))
          throw badInput('Give exactly one of id and sku.', { field: 'id', value: id });
        return loaders.shown(context, await stockItems.find(context.caller, { id, sku }));
      },
    },
    Mutation: {
      stockItemsRegister: (_, { input }, { caller }) => stockItems.register(caller, input.items),
    },
  };
}

// The other services may know an item by its id or by its SKU alone.
function itemOf(loaders: Loaders, context: SubgraphContext, key: object) {
  const { id, sku } = key as { id?: string; sku?: string };
  if (id) return loaders.itemById(context, id);
  return sku ? loaders.itemBySku(context, sku) : null;
}

function stockItemLists(db: Database, loaders: Loaders): Resolvers['StockItem'] {
  return {
    async units(item, args, context) {
      const { first, limit, after } = pageArgs(args);
      const [cursor] = decodeCursor(after, ['uuid']) ?? [];
      const page = { after: cursor, status: args.status ?? null, limit };
      const rows = await loaders.unitPage(context, item.id, page);
      return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
    },
    async movements(item, args, { caller }) {
      const { first, limit, after } = pageArgs(args);
      const [before] = decodeCursor(after, ['integer']) ?? [];
      const page = { stockItemId: item.id, before, limit };
      const rows = await db.read(caller.tenantId, (tx) => selectMovementPage(tx, page));
      return connectionFrom(rows, { first, after, cursorOf: (row) => String(row.position) });
    },
    async holds(item, args, { caller }) {
      const { first, limit, after } = pageArgs(args, 50);
      const [cursor] = decodeCursor(after, ['uuid']) ?? [];
      const page = { stockItemId: item.id, after: cursor, limit };
      const rows = await db.read(caller.tenantId, (tx) => selectLiveHolds(tx, page));
      return connectionFrom(rows, { first, after, cursorOf: (row) => row.id });
    },
    async explain(item, { at, ...named }, { caller }) {
      const locationId = await filteredLocation(db, caller, named);
      const of = { stockItemId: item.id, locationId, at: at ?? null };
      const facts = await db.read(caller.tenantId, (tx) => selectExplanation(tx, of));
      return facts.map(explained);
    },
  };
}

// Rows by id: an explanation names them, the loaders of the request fetch each kind once.
function explanationFields(loaders: Loaders): Resolvers['StockExplanation'] {
  const all = async <Row>(
    load: (context: SubgraphContext, id: string) => Promise<Row | null>,
    context: SubgraphContext,
    ids: string[],
  ): Promise<Row[]> => {
    const rows = await Promise.all(ids.map((id) => load(context, id)));
    return rows.filter((row) => row !== null);
  };
  return {
    location: async (of, _, context) => (await loaders.location(context, of.locationId))!,
    movementsByReason: ({ sums }) => sums,
    recentMovements: ({ recent }, _, context) => all(loaders.movement, context, recent),
    holds: ({ live }, _, context) => all(loaders.hold, context, live.ids),
    holdCount: ({ live }) => live.count,
    expiredHolds: ({ lapsed }, _, context) => all(loaders.hold, context, lapsed.ids),
    soldUnits: ({ sold }, _, context) => all(loaders.unit, context, sold),
    unitsInRepair: ({ inRepair }, _, context) => all(loaders.unit, context, inRepair),
    sales: ({ sales }) => sales.map(({ saleId, ...sale }) => ({ ...sale, sale: { id: saleId } })),
  };
}
