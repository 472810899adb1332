import { sql, type Tx } from '@onecount/db';

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
