-- Lines that cannot be posted as they are, at most 100 of them, and why.
CREATE OR REPLACE FUNCTION stocktake_blocked(
  p_tenant uuid,
  p_stocktake uuid,
  p_zero boolean,
  p_exclude uuid[],
  p_with_levels boolean,
  p_selling boolean
) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off
SET jit = off
SET work_mem = '64MB'
AS $fn$
DECLARE
  v_place uuid; v_blocked jsonb;
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  WITH blocked AS (
    SELECT n.id, 'NEEDS_RECOUNT' AS reason FROM stocktake_line n
    WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.needs_recount
      AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude) AND (p_selling IS NULL OR n.is_selling = p_selling)
    UNION ALL
    SELECT n.id, 'HELD' FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n
    WHERE p_with_levels AND n.finding = 'UNIT_MISSING' AND n.unit_status <> 'AVAILABLE'
    UNION ALL
    SELECT n.id, 'HELD'
    FROM (SELECT x.stock_item_id, sum(x.change) AS change FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) x
          GROUP BY 1 HAVING sum(x.change) < 0) d
    JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = d.stock_item_id AND l.location_id = v_place
    JOIN stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n ON n.stock_item_id = d.stock_item_id
    WHERE p_with_levels AND l.on_hand + d.change - l.committed < -l.backorder_limit AND n.change < 0
  )
  SELECT jsonb_build_object('count', count(*), 'lines', coalesce(jsonb_agg(jsonb_build_object(
      'stockItemId', b.stock_item_id, 'sku', b.sku, 'serialUnitId', b.serial_unit_id, 'reason', b.reason, 'change', b.change,
      'available', b.available) ORDER BY b.sku, b.id) FILTER (WHERE b.place <= 100), '[]'))
  INTO v_blocked
  FROM (
    SELECT n.*, k.reason, l.on_hand - l.committed AS available, row_number() OVER (ORDER BY n.sku, n.id) AS place
    FROM (SELECT b.id, min(b.reason) AS reason FROM blocked b GROUP BY 1) k
    JOIN stocktake_line n ON n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.id = k.id
    LEFT JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = n.stock_item_id AND l.location_id = v_place
  ) b;
  RETURN CASE WHEN v_blocked ->> 'count' = '0' THEN NULL ELSE v_blocked END;
END $fn$;
