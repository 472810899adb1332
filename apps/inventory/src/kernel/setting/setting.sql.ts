import { exactlyOne, sql, type Tx } from '@onecount/db';

export type CostingMethod = 'WEIGHTED_AVERAGE' | 'FIFO';
export type AllocationRule = 'OLDEST' | 'NEWEST';

export type InventorySettings = {
  /** Null: stock numbers are given by hand. */
  stockNumberPattern: string | null;
  costingMethod: CostingMethod;
  /** How much more than expected may be received, in percent of the expected quantity. */
  overReceiptPercent: number;
  allocationRule: AllocationRule;
};

export const defaultSettings: InventorySettings = {
  stockNumberPattern: null,
  costingMethod: 'WEIGHTED_AVERAGE',
  overReceiptPercent: 0,
  allocationRule: 'OLDEST',
};

const selectStatement = sql(
  'inventory.setting',
  `SELECT stock_number_pattern AS "stockNumberPattern", costing_method AS "costingMethod",
          over_receipt_percent AS "overReceiptPercent", allocation_rule AS "allocationRule"
   FROM inventory_setting WHERE tenant_id = $1`,
);

/** The tenant's settings; the defaults where it set none. */
export async function selectSettings(tx: Tx): Promise<InventorySettings> {
  const [settings] = await tx.query<InventorySettings>(selectStatement, [tx.tenantId]);
  return settings ?? defaultSettings;
}

// What a tenant never set comes from the columns' defaults, which are those above.
const ensureStatement = sql(
  'inventory.setting-ensure',
  'INSERT INTO inventory_setting (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING',
);
const updateStatement = sql(
  'inventory.setting-update',
  `UPDATE inventory_setting SET stock_number_pattern = CASE WHEN $2 THEN $3 ELSE stock_number_pattern END,
     costing_method = coalesce($4, costing_method), over_receipt_percent = coalesce($5, over_receipt_percent),
     allocation_rule = coalesce($6, allocation_rule), updated_at = clock_timestamp()
   WHERE tenant_id = $1 RETURNING tenant_id`,
);

type Change = { [Key in keyof InventorySettings]?: InventorySettings[Key] | null };

/** Undefined leaves what is there; so does null, but for the pattern, which it removes. */
export async function upsertSettings(tx: Tx, change: Change): Promise<void> {
  const { stockNumberPattern, costingMethod, overReceiptPercent, allocationRule } = change;
  await tx.query(ensureStatement, [tx.tenantId]);
  const updated = await tx.query(updateStatement, [
    tx.tenantId,
    stockNumberPattern !== undefined,
    stockNumberPattern ?? null,
    costingMethod ?? null,
    overReceiptPercent ?? null,
    allocationRule ?? null,
  ]);
  exactlyOne(updated);
}
