import type { Database, Tx } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { isStorable, isUuid } from '@onecount/refusal';
import { isStaff } from './caller.ts';
import { selectHolds } from './kernel/hold/hold.sql.ts';
import type { HoldRow } from './kernel/hold/hold.ts';
import { selectLocations, type LocationRow } from './kernel/location/location.sql.ts';
import { selectMovements, type MovementRow } from './kernel/movement/movement.sql.ts';
import {
  selectSuccessors,
  selectUnitPages,
  selectUnits,
  type SerialUnitRow,
  type SerialUnitStatus,
  type UnitPage,
} from './kernel/serial-unit/serial-unit.sql.ts';
import { selectCategories } from './kernel/stock-item/item-list.sql.ts';
import { selectReorderRules, type ReorderRuleRow } from './kernel/stock-item/reorder-rule.sql.ts';
import { selectCodesOfItems, selectCodesOfUnits } from './kernel/stock-code/stock-code.sql.ts';
import type { StockCodeRow } from './kernel/stock-code/stock-code.ts';
import { selectTransitions } from './kernel/serial-unit/unit-transition.sql.ts';
import type { StockItemRow } from './kernel/stock-item/stock-item.ts';
import { readStockItems, selectOnSale } from './kernel/stock-item/stock-item.sql.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** Per request: what many fields ask one by one is read once. Unknown ids give null. */
export function createLoaders(db: Database) {
  const byId = <Row extends { id: string }>(
    name: string,
    select: (tx: Tx, ids: readonly string[]) => Promise<Row[]>,
  ) => {
    return async (context: SubgraphContext, id: string): Promise<Row | null> => {
      if (!isUuid(id)) return null;
      const { tenantId } = context.caller;
      const loader = context.loader<string, Row | null>(name, async (ids) =>
        inOrder(ids, await db.read(tenantId, (tx) => select(tx, ids)), (row) => row.id),
      );
      return loader.load(id.toLowerCase());
    };
  };

  const items = (
    name: string,
    keysOf: (keys: readonly string[]) => Parameters<typeof readStockItems>[2],
    keyOf: (row: StockItemRow) => string | null,
  ) => {
    return (context: SubgraphContext, key: string): Promise<StockItemRow | null> =>
      context
        .loader<string, StockItemRow | null>(name, async (keys) =>
          inOrder(keys, await readStockItems(db, context.caller.tenantId, keysOf(keys)), keyOf),
        )
        .load(key);
  };

  const itemById = items(
    'item-by-id',
    (ids) => ({ ids }),
    (row) => row.id,
  );
  const itemByVariant = items(
    'item-by-variant',
    (variantIds) => ({ variantIds }),
    (row) => row.variantId,
  );

  const itemBySku = items(
    'item-by-sku',
    (skus) => ({ skus }),
    (row) => row.sku,
  );

  const listOf = <Row>(
    name: string,
    select: (tx: Tx, ids: readonly string[]) => Promise<Row[]>,
    ownerOf: (row: Row) => string | null,
  ) => {
    return (context: SubgraphContext, id: string): Promise<Row[]> =>
      context
        .loader<string, Row[]>(name, async (ids) => {
          const rows = await db.read(context.caller.tenantId, (tx) => select(tx, ids));
          return ids.map((each) => rows.filter((row) => ownerOf(row) === each));
        })
        .load(id);
  };

  const onSale = byId<{ id: string }>('item-on-sale', (tx, ids) => selectOnSale(tx, { ids }));

  return {
    /** The item, unless the caller is a public shop and it is not on sale. */
    shown: async (context: SubgraphContext, item: StockItemRow | null) =>
      !item || isStaff(context.caller) || (await onSale(context, item.id)) ? item : null,
    location: byId<LocationRow>('location', selectLocations),
    unit: byId<SerialUnitRow>('unit', selectUnits),
    isOnSale: async (context: SubgraphContext, stockItemId: string) =>
      (await onSale(context, stockItemId)) !== null,
    /** The unit that was made of this one. */
    successor: (context: SubgraphContext, unitId: string) =>
      context
        .loader<string, SerialUnitRow | null>('successor', async (ids) => {
          const rows = await db.read(context.caller.tenantId, (tx) => selectSuccessors(tx, ids));
          return inOrder(ids, rows, (row) => row.predecessorId);
        })
        .load(unitId),
    /** Where a unit may go from this state. */
    transitions: (context: SubgraphContext, from: SerialUnitStatus) =>
      context
        .loader<SerialUnitStatus, SerialUnitStatus[]>('unit-transitions', async (asked) => {
          const table = await db.read(context.caller.tenantId, selectTransitions);
          return asked.map((status) => table[status]);
        })
        .load(from),
    hold: byId<HoldRow>('hold', selectHolds),
    movement: byId<MovementRow>('movement', selectMovements),
    category: byId<{ id: string; category: string | null }>('item-category', selectCategories),
    reorderRules: listOf<ReorderRuleRow>(
      'reorder-rules',
      selectReorderRules,
      (row) => row.stockItemId,
    ),
    codesOfItem: listOf<StockCodeRow>(
      'codes-of-item',
      selectCodesOfItems,
      (row) => row.stockItemId,
    ),
    codesOfUnit: listOf<StockCodeRow>(
      'codes-of-unit',
      selectCodesOfUnits,
      (row) => row.serialUnitId,
    ),
    itemById: async (context: SubgraphContext, id: string) =>
      isUuid(id) ? itemById(context, id.toLowerCase()) : null,
    itemByVariant: async (context: SubgraphContext, id: string) =>
      isUuid(id) ? itemByVariant(context, id.toLowerCase()) : null,
    // A SKU that cannot be stored is nobody's; in the batch it would fail those of the others.
    itemBySku: async (context: SubgraphContext, sku: string) =>
      isStorable(sku) ? itemBySku(context, sku) : null,

    /** The same page of units for many items at once. */
    unitPage: (context: SubgraphContext, stockItemId: string, page: UnitPage) =>
      context
        .loader<string, SerialUnitRow[]>(
          `units/${page.limit}/${page.status}/${page.after}`,
          async (ids) => {
            const rows = await db.read(context.caller.tenantId, (tx) =>
              selectUnitPages(tx, ids, page),
            );
            return ids.map((id) => rows.filter((row) => row.stockItemId === id));
          },
        )
        .load(stockItemId),
  };
}

function inOrder<Row>(
  keys: readonly string[],
  rows: readonly Row[],
  keyOf: (row: Row) => string | null,
): (Row | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}
