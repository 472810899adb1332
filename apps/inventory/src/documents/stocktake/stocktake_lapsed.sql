-- Items to be posted with holds whose time is over.
CREATE OR REPLACE FUNCTION stocktake_lapsed(
  p_tenant uuid,
  p_stocktake uuid,
  p_zero boolean,
  p_exclude uuid[],
  p_place uuid,
  p_now timestamptz,
  p_selling boolean
) RETURNS uuid[] LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off
SET jit = off
SET work_mem = '64MB'
AS $fn$
BEGIN
  RETURN (
    SELECT array_agg(DISTINCT h.stock_item_id) FROM hold h
    WHERE h.tenant_id = p_tenant AND h.location_id = p_place AND h.status = 'LIVE' AND h.expires_at <= p_now
      AND h.stock_item_id IN (SELECT c.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) c));
END $fn$;
