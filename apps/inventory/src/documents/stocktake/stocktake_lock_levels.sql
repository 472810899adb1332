-- Locks the levels of what is to be posted in key order.
CREATE OR REPLACE FUNCTION stocktake_lock_levels(p_tenant uuid, p_stocktake uuid, p_place uuid, p_zero boolean, p_exclude uuid[], p_selling boolean)
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off
SET jit = off
SET work_mem = '64MB'
AS $fn$
BEGIN
  PERFORM l.stock_item_id FROM level l
  WHERE l.tenant_id = p_tenant AND l.location_id = p_place
    AND l.stock_item_id IN (SELECT n.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n)
  ORDER BY l.stock_item_id FOR NO KEY UPDATE OF l;
END $fn$;
