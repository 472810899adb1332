import { sql, type Tx } from '@onecount/db';

/** What is in stock of an item and what it cost together; only for items with a known cost in stock. */
export type ItemCost = {
  stockItemId: string;
  currency: string;
  /** Units whose cost is known. */
  quantity: number;
  valueMinor: number;
};

const itemsStatement = sql(
  'inventory.item-costs',
  `SELECT c.stock_item_id AS "stockItemId", c.currency, c.quantity, c.value_minor AS "valueMinor"
   FROM item_costs($1, $2) c`,
);

export function selectItemCosts(tx: Tx, stockItemIds: readonly string[]): Promise<ItemCost[]> {
  return tx.query<ItemCost>(itemsStatement, [tx.tenantId, stockItemIds]);
}

const lockStatement = sql('inventory.cost-lock', 'SELECT cost_lock($1, $2)');

/** In the order of items: before movements or differences of several are written in another order. */
export async function lockCosts(tx: Tx, stockItemIds: readonly string[]): Promise<void> {
  const items = [...new Set(stockItemIds)];
  if (items.length > 1) await tx.query(lockStatement, [tx.tenantId, items]);
}

const ensureStatement = sql(
  'inventory.cost-ensure',
  `INSERT INTO item_cost (tenant_id, stock_item_id, currency)
   SELECT DISTINCT ON (k.item) $1::uuid, k.item, k.currency FROM unnest($2::uuid[], $3::text[]) AS k (item, currency)
   ORDER BY k.item ON CONFLICT DO NOTHING`,
);

/**
 * Makes the costs of items that are to get their first, in the order of items: two receipts that make the
 * same ones at different locations then wait for each other in one direction.
 */
export async function ensureCosts(
  tx: Tx,
  costs: readonly { stockItemId: string; currency: string }[],
): Promise<void> {
  const items = costs.map(({ stockItemId }) => stockItemId);
  if (new Set(items).size < 2) return;
  await tx.query(ensureStatement, [tx.tenantId, items, costs.map(({ currency }) => currency)]);
}

export type CostLayerRow = {
  position: number;
  movementId: string | null;
  receivedAt: Date;
  currency: string;
  quantity: number;
  costMinor: number;
  remaining: number;
  remainingMinor: number;
};

const layersStatement = sql(
  'inventory.cost-layers',
  `SELECT l.position, l.movement_id AS "movementId", l.received_at AS "receivedAt", l.currency, l.quantity,
     l.cost_minor AS "costMinor", l.remaining, l.remaining_minor AS "remainingMinor"
   FROM cost_layer l
   WHERE l.tenant_id = $1 AND l.stock_item_id = $2 AND l.closed_at IS NULL AND ($3::bigint IS NULL OR l.position > $3)
   ORDER BY l.position LIMIT $4`,
);

/** Receipts of which something is left, in the order in which FIFO takes them. */
export function selectCostLayers(
  tx: Tx,
  page: { stockItemId: string; after: string | undefined; limit: number },
): Promise<CostLayerRow[]> {
  const values = [tx.tenantId, page.stockItemId, page.after ?? null, page.limit];
  return tx.query<CostLayerRow>(layersStatement, values);
}
