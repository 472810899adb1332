-- Publishes levels that changed, of any tenant, and passes over those that somebody has locked just now: whoever is
-- slow with one level keeps nobody else's waiting. seen: at how many it looked; busy: some of those it passed over.
CREATE OR REPLACE FUNCTION level_publish_free(p_limit integer, OUT published integer, OUT seen integer, OUT busy jsonb) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_tenants uuid[]; v_items uuid[]; v_places uuid[];
  d level_dirty;
BEGIN
  seen := 0; busy := '[]';
  FOR d IN SELECT * FROM level_dirty LIMIT p_limit LOOP
    seen := seen + 1;
    PERFORM FROM level l WHERE l.tenant_id = d.tenant_id AND l.stock_item_id = d.stock_item_id AND l.location_id = d.location_id
    FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
      v_tenants := v_tenants || d.tenant_id; v_items := v_items || d.stock_item_id; v_places := v_places || d.location_id;
    ELSIF jsonb_array_length(busy) < 8 THEN
      busy := busy || to_jsonb(d);
    END IF;
  END LOOP;
  published := coalesce(cardinality(v_items), 0);
  IF published > 0 THEN PERFORM level_publish(v_tenants, v_items, v_places); END IF;
END $fn$;
