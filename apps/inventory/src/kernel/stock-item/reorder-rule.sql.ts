import { sql, type Tx } from '@onecount/db';

export type ReorderRuleRow = {
  stockItemId: string;
  locationId: string;
  code: string;
  name: string;
  reorderPoint: number;
  reorderQuantity: number;
};

const ofItemsStatement = sql(
  'inventory.reorder-rules',
  `SELECT r.stock_item_id AS "stockItemId", r.location_id AS "locationId", c.code, c.name, r.point AS "reorderPoint",
     r.quantity AS "reorderQuantity"
   FROM reorder_rule r JOIN location c ON c.tenant_id = r.tenant_id AND c.id = r.location_id
   WHERE r.tenant_id = $1 AND r.stock_item_id = ANY ($2::uuid[]) ORDER BY c.code`,
);

export function selectReorderRules(
  tx: Tx,
  stockItemIds: readonly string[],
): Promise<ReorderRuleRow[]> {
  return tx.query<ReorderRuleRow>(ofItemsStatement, [tx.tenantId, stockItemIds]);
}

const itemStatement = sql(
  'inventory.reorder-rule-item',
  'SELECT id, sku, title, tracking FROM stock_item WHERE tenant_id = $1 AND id = $2 FOR SHARE',
);

/** The item, shared: its tracking stays while a rule is set. */
export async function shareItem(
  tx: Tx,
  id: string,
): Promise<{ id: string; sku: string; title: string; tracking: string } | undefined> {
  const [item] = await tx.query<{ id: string; sku: string; title: string; tracking: string }>(
    itemStatement,
    [tx.tenantId, id],
  );
  return item;
}

const setStatement = sql(
  'inventory.reorder-rule-set',
  `INSERT INTO reorder_rule (tenant_id, stock_item_id, location_id, point, quantity) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT ON CONSTRAINT reorder_rule_pkey
   DO UPDATE SET point = $4, quantity = $5, updated_at = clock_timestamp()`,
);
const removeStatement = sql(
  'inventory.reorder-rule-remove',
  'DELETE FROM reorder_rule WHERE tenant_id = $1 AND stock_item_id = $2 AND location_id = $3',
);

type Place = { stockItemId: string; locationId: string };

export async function upsertReorderRule(
  tx: Tx,
  { stockItemId, locationId, point, quantity }: Place & { point: number; quantity: number },
): Promise<void> {
  await tx.query(setStatement, [tx.tenantId, stockItemId, locationId, point, quantity]);
}

export async function deleteReorderRule(tx: Tx, { stockItemId, locationId }: Place): Promise<void> {
  await tx.query(removeStatement, [tx.tenantId, stockItemId, locationId]);
}
