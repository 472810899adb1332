import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Tracking } from './stock-item.ts';

export type NewItem = {
  sku: string;
  title: string;
  tracking: Tracking;
  category: string | null;
  lowStockThreshold: number;
  backorderLimit: number;
};

const insertStatement = sql(
  'inventory.stock-item-create',
  `INSERT INTO stock_item (tenant_id, sku, title, tracking, category, low_stock_threshold, backorder_limit)
   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
);
const namesakeStatement = sql(
  'inventory.stock-item-namesake',
  'SELECT id FROM stock_item WHERE tenant_id = $1 AND sku_key = identifier_key($2)',
);

/** The new item, or the one that has the SKU. */
export async function insertItem(tx: Tx, item: NewItem): Promise<{ id: string; isNew: boolean }> {
  const { sku, title, tracking, category, lowStockThreshold, backorderLimit } = item;
  const values = [tx.tenantId, sku, title, tracking, category, lowStockThreshold, backorderLimit];
  const [row] = await tx.query<{ id: string }>(insertStatement, values);
  if (row) return { id: row.id, isNew: true };
  // READ COMMITTED: this statement sees what the INSERT had to wait for.
  const namesake = await tx.query<{ id: string }>(namesakeStatement, [tx.tenantId, sku]);
  return { id: exactlyOne(namesake).id, isNew: false };
}

export type ChangedItem = {
  id: string;
  sku: string;
  title: string;
  tracking: Tracking;
  variantId: string | null;
};

// Excludes receipts and the like, which share the item: no level comes into being with the former limit.
const lockStatement = sql(
  'inventory.stock-item-lock',
  `SELECT id, sku, title, tracking, variant_id AS "variantId" FROM stock_item
   WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`,
);

export async function lockItem(tx: Tx, id: string): Promise<ChangedItem | undefined> {
  const [item] = await tx.query<ChangedItem>(lockStatement, [tx.tenantId, id]);
  return item;
}

export type ItemChange = {
  title: string | null;
  /** Empty for none, null for no change. */
  category: string | null;
  lowStockThreshold: number | null;
  backorderLimit: number | null;
};

const updateStatement = sql(
  'inventory.stock-item-change',
  `UPDATE stock_item SET title = coalesce($3, title), category = CASE WHEN $4::text IS NULL THEN category ELSE nullif($4, '') END,
     low_stock_threshold = coalesce($5, low_stock_threshold), backorder_limit = coalesce($6, backorder_limit),
     updated_at = clock_timestamp()
   WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** Null leaves what is there. */
export async function updateItem(tx: Tx, id: string, change: ItemChange): Promise<void> {
  const { title, category, lowStockThreshold, backorderLimit } = change;
  const values = [tx.tenantId, id, title, category, lowStockThreshold, backorderLimit];
  exactlyOne(await tx.query(updateStatement, values));
}

const levelsLockStatement = sql(
  'inventory.stock-item-levels-lock',
  'SELECT codes, available FROM level_lock($1, ARRAY[$2::uuid], ARRAY[NULL]::uuid[])',
);

/** Locks every level of the item in key order, expired holds settled. */
export async function lockLevelsOf(
  tx: Tx,
  stockItemId: string,
): Promise<{ locationCode: string; available: number }[]> {
  const [locked] = await tx.query<{ codes: string[] | null; available: number[] }>(
    levelsLockStatement,
    [tx.tenantId, stockItemId],
  );
  return (locked?.codes ?? []).map((locationCode, index) => ({
    locationCode,
    available: locked!.available[index]!,
  }));
}

const carryStatement = sql(
  'inventory.stock-item-levels-limit',
  `UPDATE level SET backorder_limit = $3, version = version + 1, updated_at = clock_timestamp()
   WHERE tenant_id = $1 AND stock_item_id = $2 AND backorder_limit <> $3`,
);

/** The CHECK on a level sees its row only, so each level carries its item's limit. The levels are locked. */
export async function carryBackorderLimit(
  tx: Tx,
  stockItemId: string,
  limit: number,
): Promise<void> {
  await tx.query(carryStatement, [tx.tenantId, stockItemId, limit]);
}
