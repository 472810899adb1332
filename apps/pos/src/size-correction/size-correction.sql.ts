import { sql, type Tx } from '@onecount/db';

/** What of an item went beside the lines of a sale; negative: what did not go. */
export type SizeCorrection = { sku: string; quantity: number };

// A correction that was itself corrected leaves nothing to say.
const statement = sql(
  'pos.size-corrections',
  `SELECT sale_id AS "saleId", sku, -sum(quantity)::int AS quantity FROM stock_movement
    WHERE tenant_id = $1 AND sale_id = ANY ($2) AND reason = 'SALE_CORRECTION' AND occurred_at <= $3
    GROUP BY sale_id, sku HAVING sum(quantity) <> 0 ORDER BY sum(quantity), sku`,
);

/** As it was by then. What went comes before what did not. */
export function correctionsOf(
  tx: Tx,
  { saleIds, at }: { saleIds: readonly string[]; at: Date },
): Promise<(SizeCorrection & { saleId: string })[]> {
  return tx.query(statement, [tx.tenantId, saleIds, at]);
}
