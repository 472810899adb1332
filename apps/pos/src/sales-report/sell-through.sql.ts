import { sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { Period } from './report-period.ts';

export type SellThroughRow = { sku: string; received: number; sold: number; returned: number };
export type SellThroughConnection = Connection<SellThroughRow>;
export type SellThroughFilter = { locationId?: string | null; locationCode?: string | null };

// Services are left out: nothing of them ever comes in. A sale counts where it was sold, goods where they came in.
const statement = sql(
  'pos.report-sell-through',
  `SELECT * FROM (
     SELECT x.sku COLLATE "C" AS sku, sum(x.received)::int AS received, sum(x.sold)::int AS sold,
            sum(x.returned)::int AS returned
       FROM (
         SELECT m.sku, m.quantity AS received, 0 AS sold, 0 AS returned
           FROM stock_movement m
           LEFT JOIN report_zones($1) own ON own.location_id = m.location_id
           LEFT JOIN report_zones($1) other ON other.location_id IS NULL
          WHERE m.tenant_id = $1 AND m.sale_id IS NULL
            AND m.occurred_at >= ($2::date - 1)::timestamp AT TIME ZONE 'UTC'
            AND m.occurred_at < ($3::date + 2)::timestamp AT TIME ZONE 'UTC'
            AND (m.occurred_at AT TIME ZONE coalesce(own.name, other.name, 'UTC'))::date BETWEEN $2 AND $3
            AND ($4::uuid IS NULL OR m.location_id = $4)
            AND ($5::text IS NULL OR lower(m.location_code) = lower($5))
         UNION ALL
         SELECT e.sku, 0, CASE WHEN e.return_id IS NULL THEN e.quantity ELSE 0 END,
                CASE WHEN e.return_id IS NULL THEN 0 ELSE e.quantity END
           FROM report_entries($1, $2, $3) e
          WHERE e.tracking <> 'NONE' AND ($4::uuid IS NULL OR e.location_id = $4)
            AND ($5::text IS NULL OR lower(e.location_code) = lower($5))) x
      GROUP BY 1) s
    WHERE $6::text IS NULL OR s.sku > $6::text COLLATE "C"
    ORDER BY s.sku LIMIT $7`,
);

/** By SKU. */
export function readSellThrough(
  tx: Tx,
  of: Period & { filter: SellThroughFilter },
  { after, limit }: { after: string | undefined; limit: number },
): Promise<SellThroughRow[]> {
  const { locationId, locationCode } = of.filter;
  return tx.query<SellThroughRow>(statement, [
    ...[tx.tenantId, of.fromDate, of.toDate, locationId, locationCode, after ?? null, limit],
  ]);
}
