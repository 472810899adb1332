import type { Database } from '@onecount/db';
import { inOrder, type SubgraphContext } from '@onecount/graphql';
import { foldedIdentifier, isStorable, isUuid } from '@onecount/refusal';
import { isStaff } from '../caller.ts';
import { listByOwner, oneById } from '../request.loaders.ts';
import { selectCategories } from './item-list.sql.ts';
import { selectReorderRules } from './reorder-rule.sql.ts';
import { readStockItems, selectOnSale, type StockItemKeys } from './stock-item.sql.ts';
import type { StockItemRow } from './stock-item.ts';

export type ItemLoaders = ReturnType<typeof itemLoaders>;

export function itemLoaders(db: Database) {
  const onSale = oneById<{ id: string }>(db, 'item-on-sale', (tx, ids) =>
    selectOnSale(tx, { ids }),
  );
  const byId = itemsBy(
    db,
    'item-by-id',
    (ids) => ({ ids }),
    (row) => row.id,
  );
  const byVariant = itemsBy(
    db,
    'item-by-variant',
    (variantIds) => ({ variantIds }),
    (row) => row.variantId,
  );
  const bySku = itemsBy(
    db,
    'item-by-sku',
    (skus) => ({ skus }),
    (row) => foldedIdentifier(row.sku),
  );
  return {
    itemById: async (context: SubgraphContext, id: string) =>
      isUuid(id) ? byId(context, id.toLowerCase()) : null,
    itemByVariant: async (context: SubgraphContext, id: string) =>
      isUuid(id) ? byVariant(context, id.toLowerCase()) : null,
    // A SKU that cannot be stored is nobody's; in the batch it would fail those of the others.
    itemBySku: async (context: SubgraphContext, sku: string) =>
      isStorable(sku) ? bySku(context, foldedIdentifier(sku)) : null,
    /** The item, unless the caller is a public shop and it is not on sale. */
    shown: async (context: SubgraphContext, item: StockItemRow | null) =>
      !item || isStaff(context.caller) || (await onSale(context, item.id)) ? item : null,
    isOnSale: async (context: SubgraphContext, stockItemId: string) =>
      (await onSale(context, stockItemId)) !== null,
    category: oneById(db, 'item-category', selectCategories),
    reorderRules: listByOwner(db, 'reorder-rules', selectReorderRules, (row) => row.stockItemId),
  };
}

function itemsBy(
  db: Database,
  name: string,
  keysOf: (keys: readonly string[]) => StockItemKeys,
  keyOf: (row: StockItemRow) => string | null,
) {
  return (context: SubgraphContext, key: string): Promise<StockItemRow | null> =>
    context
      .loader<string, StockItemRow | null>(name, async (keys) =>
        inOrder(keys, await readStockItems(db, context.caller.tenantId, keysOf(keys)), keyOf),
      )
      .load(key);
}
