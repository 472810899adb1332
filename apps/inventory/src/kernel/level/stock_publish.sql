-- Moves the newest state of levels and units that changed to the outbox, of any tenant, in one trip that says itself
-- for whom it looks (ADR 0146). It waits for nobody: what somebody has locked just now is passed over, so whoever is
-- slow with one level keeps nobody else's waiting. seen: at how many levels it looked; busy: some of those that it
-- passed over; due: how many items may have crossed their threshold.
CREATE OR REPLACE FUNCTION stock_publish(
  p_levels integer,
  p_units integer,
  OUT published integer,
  OUT units integer,
  OUT due integer,
  OUT seen integer,
  OUT busy jsonb
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  k record;
BEGIN
  PERFORM set_config('app.system', 'relay', true);
  due := 0;
  units := unit_publish_changed(p_units);
  SELECT count(*) AS seen, count(l.is_ours) AS ours, array_agg(d.tenant_id) FILTER (WHERE l.is_ours) AS tenants,
         array_agg(d.stock_item_id) FILTER (WHERE l.is_ours) AS items, array_agg(d.location_id) FILTER (WHERE l.is_ours) AS places,
         coalesce(to_jsonb((array_agg(to_jsonb(d)) FILTER (WHERE l.is_ours IS NULL))[:8]), '[]') AS busy
  INTO k FROM (SELECT * FROM level_dirty LIMIT p_levels) d
  LEFT JOIN LATERAL (
    SELECT true AS is_ours FROM level x WHERE x.tenant_id = d.tenant_id AND x.stock_item_id = d.stock_item_id
      AND x.location_id = d.location_id FOR NO KEY UPDATE SKIP LOCKED) l ON true;
  seen := k.seen; published := k.ours; busy := k.busy;
  IF k.ours = 0 THEN RETURN; END IF;
  PERFORM level_publish(k.tenants, k.items, k.places);
  due := low_stock_mark(k.tenants, k.items);
END $fn$;
