-- Locks sales, then the levels of what they hold, for all of them in key order, as every claim does.
CREATE OR REPLACE FUNCTION sales_lock(p_tenant uuid, p_sales uuid[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
BEGIN
  PERFORM pg_advisory_xact_lock(k.key) FROM (SELECT sale_lock_key(p_tenant, s::text) AS key FROM unnest(p_sales) s ORDER BY 1) k;
  PERFORM FROM (
    SELECT DISTINCT h.stock_item_id, h.location_id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = ANY (p_sales::text[]) AND h.status = 'LIVE'
    ORDER BY 1, 2) w
  CROSS JOIN LATERAL (
    SELECT FROM level l WHERE l.tenant_id = p_tenant AND l.stock_item_id = w.stock_item_id AND l.location_id = w.location_id
    FOR NO KEY UPDATE) l;
END $fn$;
