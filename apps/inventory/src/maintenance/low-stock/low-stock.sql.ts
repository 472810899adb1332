import { sql, type Database, type Tx } from '@onecount/db';
import type { LowStockRow, ReorderSuggestionRow } from './low-stock.ts';

const itemsMax = 200;
const evaluateStatement = sql(
  'inventory.low-stock-evaluate',
  'SELECT low_stock_evaluate($1) AS looked',
);

/** Looks at every item that is due, of any tenant, a bounded number at a time; answers for how many occasions. */
export async function evaluateLowStock(db: Database): Promise<number> {
  for (let total = 0; ;) {
    const [row] = await db.statement<{ looked: number }>(evaluateStatement, [itemsMax]);
    total += row!.looked;
    if (row!.looked < itemsMax) return total;
  }
}

const isThere = `($2::uuid IS NULL OR EXISTS (
     SELECT FROM level l WHERE l.tenant_id = $1 AND l.stock_item_id = s.stock_item_id AND l.location_id = $2))`;

const pageStatement = sql(
  'inventory.low-stock-page',
  `SELECT s.stock_item_id AS "stockItemId", s.since, s.since::text AS place FROM low_stock_state s
   WHERE s.tenant_id = $1 AND s.is_low AND ${isThere}
     AND s.since <= $3::timestamptz AND (s.since < $3::timestamptz OR s.stock_item_id > $4::uuid)
   ORDER BY s.since DESC, s.stock_item_id LIMIT $5`,
);

/** Newest first. */
export function selectLowStock(
  tx: Tx,
  page: { locationId: string | null; after: readonly string[] | undefined; limit: number },
): Promise<LowStockRow[]> {
  const [since = 'infinity', item = '00000000-0000-0000-0000-000000000000'] = page.after ?? [];
  const values = [tx.tenantId, page.locationId, since, item, page.limit];
  return tx.query<LowStockRow>(pageStatement, values);
}

const countStatement = sql(
  'inventory.low-stock-count',
  `SELECT count(*)::integer AS count FROM low_stock_state s
   WHERE s.tenant_id = $1 AND s.is_low AND ${isThere}`,
);

export async function countLowStock(tx: Tx, locationId: string | null): Promise<number> {
  const [row] = await tx.query<{ count: number }>(countStatement, [tx.tenantId, locationId]);
  return row!.count;
}

const reorderStatement = sql(
  'inventory.reorder-suggestions',
  `SELECT r.stock_item_id AS "stockItemId", r.location_id AS "locationId", coalesce(n.available, 0) AS available, r.point, r.quantity
   FROM reorder_rule r
   CROSS JOIN LATERAL (SELECT x.tracking FROM stock_item x WHERE x.tenant_id = $1 AND x.id = r.stock_item_id OFFSET 0) i
   LEFT JOIN LATERAL (
     SELECT x.available FROM level_now x
     WHERE x.tenant_id = $1 AND x.stock_item_id = r.stock_item_id AND x.location_id = r.location_id OFFSET 0) n ON true
   WHERE r.tenant_id = $1 AND ($2::uuid IS NULL OR r.location_id = $2)
     AND (r.stock_item_id, r.location_id) > ($3::uuid, $4::uuid)
     AND i.tracking <> 'NONE' AND coalesce(n.available, 0) <= r.point
   ORDER BY r.stock_item_id, r.location_id LIMIT $5`,
);

/** In the order of item and location. */
export function selectReorderSuggestions(
  tx: Tx,
  page: { locationId: string | null; after: readonly string[] | undefined; limit: number },
): Promise<ReorderSuggestionRow[]> {
  const none = '00000000-0000-0000-0000-000000000000';
  const [item, place] = page.after ?? [none, none];
  const values = [tx.tenantId, page.locationId, item, place, page.limit];
  return tx.query<ReorderSuggestionRow>(reorderStatement, values);
}
