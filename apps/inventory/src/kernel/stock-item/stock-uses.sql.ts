import { exactlyOne, sql, type Tx } from '@onecount/db';

export type StockUses = {
  onHand: number;
  inTransit: number;
  backorderLimit: number;
  holdsTotal: number;
  holds: {
    holdId: string;
    quantity: number;
    locationCode: string;
    expiresAt: string | null;
    saleId: string | null;
  }[];
};

// One statement, so one instant: a sale takes its hold and its stock away in one commit, and seen apart it would be
// neither. A level may be below 0, where more is sold ahead than another location has: what is here is on hand.
const statement = sql(
  'inventory.stock-uses',
  `SELECT coalesce(i.backorder_limit, 0) AS "backorderLimit",
     (SELECT coalesce(sum(l.on_hand), 0)::integer FROM level l
      WHERE l.tenant_id = $1 AND l.stock_item_id = i.id AND l.on_hand > 0) AS "onHand",
     (SELECT coalesce(sum(t.dispatched - t.received - t.returned - t.missing), 0)::integer FROM transfer_line t
      WHERE t.tenant_id = $1 AND t.stock_item_id = i.id
        AND t.dispatched > t.received + t.returned + t.missing) AS "inTransit",
     (SELECT count(*)::integer FROM hold h
      WHERE h.tenant_id = $1 AND h.stock_item_id = i.id AND h.status = 'LIVE') AS "holdsTotal",
     (SELECT coalesce(json_agg(oldest ORDER BY oldest."holdId"), '[]') FROM (
        SELECT h.id AS "holdId", h.quantity, c.code AS "locationCode", h.expires_at AS "expiresAt",
          CASE h.reference_kind WHEN 'SALE' THEN h.reference_id END AS "saleId"
        FROM hold h JOIN location c ON c.tenant_id = $1 AND c.id = h.location_id
        WHERE h.tenant_id = $1 AND h.stock_item_id = i.id AND h.status = 'LIVE'
        ORDER BY h.id LIMIT 20) oldest) AS holds
   FROM (VALUES (1)) one LEFT JOIN stock_item i ON i.tenant_id = $1 AND i.variant_id = $2`,
);

/** Zeros for a variant that nobody counts. A hold that is over and not settled yet still keeps its units. */
export async function selectStockUses(tx: Tx, variantId: string): Promise<StockUses> {
  return exactlyOne(await tx.query<StockUses>(statement, [tx.tenantId, variantId]));
}
