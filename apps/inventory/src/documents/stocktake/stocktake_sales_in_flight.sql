-- Claimed sales whose movements are still to come and that were claimed before a line's scan: whether they had left
-- the shelf when it was counted, the movement will show. A claim after the scan changes nothing of it.
CREATE OR REPLACE FUNCTION stocktake_sales_in_flight(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_selling boolean)
RETURNS uuid[] LANGUAGE sql STABLE
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $fn$
  WITH held AS MATERIALIZED (
    SELECT h.stock_item_id, h.serial_unit_id, h.reference_id::uuid AS sale_id
    FROM hold h JOIN stocktake s ON s.tenant_id = h.tenant_id AND s.id = p_stocktake AND s.location_id = h.location_id
    WHERE h.tenant_id = p_tenant AND h.status = 'LIVE' AND h.kind = 'HARD' AND h.reference_kind = 'SALE'
  )
  SELECT array_agg(DISTINCT h.sale_id)
  FROM held h
  JOIN sale_claim c ON c.tenant_id = p_tenant AND c.sale_id = h.sale_id AND c.status = 'CLAIMED'
  JOIN stocktake_line n ON n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.stock_item_id = h.stock_item_id
    AND n.serial_unit_id IS NOT DISTINCT FROM h.serial_unit_id AND n.last_at >= c.created_at
  -- A piece that was scanned was there: where it goes next is no matter of this count.
  WHERE (n.serial_unit_id IS NULL OR n.change IS NOT NULL) AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude)
    AND (p_selling IS NULL OR n.is_selling = p_selling)
$fn$;
