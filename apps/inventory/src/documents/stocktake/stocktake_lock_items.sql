-- Items whose lines posting may change stand still: their tracking and their limits are what was computed with.
CREATE OR REPLACE FUNCTION stocktake_lock_items(p_tenant uuid, p_stocktake uuid, p_exclude uuid[])
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off
SET jit = off
SET work_mem = '64MB'
AS $fn$
BEGIN
  PERFORM i.id FROM stock_item i
  WHERE i.tenant_id = p_tenant AND i.id IN (SELECT n.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, true, p_exclude, NULL) n)
  ORDER BY i.id FOR SHARE OF i;
END $fn$;
