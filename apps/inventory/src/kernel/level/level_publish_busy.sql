-- Publishes one level that changes without a pause: waits for its turn at its lock, and holds no other one.
CREATE OR REPLACE FUNCTION level_publish_busy(d jsonb, p_wait_ms integer)
RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  k level_dirty := jsonb_populate_record(NULL::level_dirty, d);
BEGIN
  PERFORM set_config('lock_timeout', p_wait_ms::text, true);
  BEGIN
    PERFORM FROM level l WHERE l.tenant_id = k.tenant_id AND l.stock_item_id = k.stock_item_id AND l.location_id = k.location_id
    FOR NO KEY UPDATE;
  EXCEPTION WHEN lock_not_available THEN RETURN 0;
  END;
  PERFORM level_publish(ARRAY[k.tenant_id], ARRAY[k.stock_item_id], ARRAY[k.location_id]);
  PERFORM low_stock_mark(ARRAY[k.tenant_id], ARRAY[k.stock_item_id]);
  RETURN 1;
END $fn$;
