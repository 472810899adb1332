-- Locks the levels of what is to be posted and decides again what changed while it waited. The differences are
-- exact from here on: nothing else moves these levels. Called twice, like the writing behind it: for what does not
-- sell, which may take long, then (p_selling) for what does. A line that moved under the first call joins the second.
CREATE OR REPLACE FUNCTION stocktake_lock(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_selling boolean)
RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_sales uuid[]; v_blocked jsonb; v_stale uuid[]; v_item uuid; v_now timestamptz;
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  PERFORM stocktake_lock_levels(p_tenant, p_stocktake, v_place, p_zero, p_exclude, p_selling);
  v_now := clock_timestamp();
  -- Each of these changes the version of its level, so that its lines are computed anew.
  FOREACH v_item IN ARRAY coalesce(stocktake_lapsed(p_tenant, p_stocktake, p_zero, p_exclude, v_place, v_now, p_selling), '{}') LOOP
    PERFORM hold_settle(p_tenant, v_item, v_place, v_now);
  END LOOP;
  v_stale := stocktake_stale(p_tenant, p_stocktake, p_zero, p_exclude, true, p_selling);
  IF v_stale IS NOT NULL THEN PERFORM stocktake_compute(p_tenant, p_stocktake, v_stale); END IF;
  v_sales := stocktake_sales_in_flight(p_tenant, p_stocktake, p_zero, p_exclude, p_selling);
  IF v_sales IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'SALES_IN_FLIGHT', 'saleIds', v_sales); END IF;
  v_blocked := stocktake_blocked(p_tenant, p_stocktake, p_zero, p_exclude, true, p_selling);
  IF v_blocked IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'BLOCKED') || v_blocked; END IF;
  RETURN jsonb_build_object('outcome', 'LOCKED', 'locationId', v_place, 'units', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('unitId', n.serial_unit_id, 'isFound', n.change = 1) ORDER BY n.serial_unit_id), '[]')
    FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n WHERE n.serial_unit_id IS NOT NULL));
END $fn$;
