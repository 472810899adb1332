-- Before any level is locked: the items stand still, changed lines are computed anew, levels are there.
CREATE OR REPLACE FUNCTION stocktake_prepare(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[])
RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_sales uuid[]; v_blocked jsonb; v_stale uuid[];
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  PERFORM stocktake_lock_items(p_tenant, p_stocktake, p_exclude);
  v_stale := stocktake_stale(p_tenant, p_stocktake, p_zero, p_exclude, false, NULL);
  IF v_stale IS NOT NULL THEN PERFORM stocktake_compute(p_tenant, p_stocktake, v_stale); END IF;
  v_sales := stocktake_sales_in_flight(p_tenant, p_stocktake, p_zero, p_exclude, NULL);
  IF v_sales IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'SALES_IN_FLIGHT', 'saleIds', v_sales); END IF;
  v_blocked := stocktake_blocked(p_tenant, p_stocktake, p_zero, p_exclude, false, NULL);
  IF v_blocked IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'BLOCKED') || v_blocked; END IF;
  INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
  SELECT DISTINCT p_tenant, i.id, v_place, i.backorder_limit
  FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, NULL) n
  JOIN stock_item i ON i.tenant_id = p_tenant AND i.id = n.stock_item_id
  -- Of a level that was not there when the line was computed, no version is known.
  WHERE n.level_version = 0
  ORDER BY i.id ON CONFLICT DO NOTHING;
  RETURN '{"outcome": "READY"}';
END $fn$;
