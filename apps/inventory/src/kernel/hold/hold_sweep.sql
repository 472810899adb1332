-- The expirer's step, across tenants: settles a bounded number of levels, so that their events go out.
-- What another transaction has locked is being settled by it already.
CREATE OR REPLACE FUNCTION hold_sweep(p_limit integer) RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_settled integer := 0;
  r record;
BEGIN
  PERFORM set_config('app.system', 'sweeper', true);
  FOR r IN
    SELECT l.tenant_id, l.stock_item_id, l.location_id FROM level l
    JOIN (SELECT DISTINCT h.tenant_id, h.stock_item_id, h.location_id FROM hold h
          WHERE h.status = 'LIVE' AND h.expires_at <= v_now LIMIT p_limit) d
      ON d.tenant_id = l.tenant_id AND d.stock_item_id = l.stock_item_id AND d.location_id = l.location_id
    ORDER BY l.tenant_id, l.stock_item_id, l.location_id
    FOR NO KEY UPDATE OF l SKIP LOCKED
  LOOP
    v_settled := v_settled + hold_settle(r.tenant_id, r.stock_item_id, r.location_id, v_now);
  END LOOP;
  RETURN v_settled;
END $fn$;
