-- Items of lines whose level has changed since they were computed: of all lines, or (p_locked) of those to be posted.
CREATE OR REPLACE FUNCTION stocktake_stale(
  p_tenant uuid,
  p_stocktake uuid,
  p_zero boolean,
  p_exclude uuid[],
  p_locked boolean,
  p_selling boolean
) RETURNS uuid[] LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off
SET jit = off
SET work_mem = '64MB'
AS $fn$
BEGIN
  RETURN (
    SELECT array_agg(DISTINCT n.stock_item_id)
    FROM stocktake s
    JOIN stocktake_line n ON n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake
    JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = n.stock_item_id AND l.location_id = s.location_id
    WHERE s.tenant_id = p_tenant AND s.id = p_stocktake AND l.version <> n.level_version
      AND (NOT p_locked OR n.stock_item_id IN (SELECT c.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) c)));
END $fn$;
