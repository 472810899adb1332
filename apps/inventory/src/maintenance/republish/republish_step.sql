-- One bounded step of one request, of any tenant; answers how many changes it queued, null when there is nothing to
-- do or what was queued before is still waiting to leave.
CREATE OR REPLACE FUNCTION republish_step(p_limit integer) RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  r republish; v_ids uuid[]; v_items uuid[]; v_count integer := 0;
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM outbox o WHERE o.published_at IS NULL AND o.refused_reason IS NULL LIMIT p_limit * 4) x) >= p_limit * 4
    OR (SELECT count(*) FROM (SELECT FROM level_dirty LIMIT p_limit * 4) x) >= p_limit * 4
    OR (SELECT count(*) FROM (SELECT FROM unit_dirty LIMIT p_limit * 4) x) >= p_limit * 4 THEN RETURN NULL;
  END IF;
  SELECT * INTO r FROM republish x WHERE x.finished_at IS NULL ORDER BY x.id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN NULL; END IF;
  -- Movements are the tenant's alone: no system role reads them.
  PERFORM set_config('app.tenant', r.tenant_id::text, true);
  IF r.level_item IS NOT NULL THEN
    SELECT array_agg(s.stock_item_id), array_agg(s.location_id) INTO v_items, v_ids FROM (
      SELECT l.stock_item_id, l.location_id FROM level l
      WHERE l.tenant_id = r.tenant_id AND (l.stock_item_id, l.location_id) > (r.level_item, r.level_place)
      ORDER BY 1, 2 LIMIT p_limit) s;
    INSERT INTO level_dirty SELECT r.tenant_id, k.item, k.place FROM unnest(v_items, v_ids) AS k (item, place) ON CONFLICT DO NOTHING;
    v_count := coalesce(cardinality(v_ids), 0);
    r.level_item := CASE WHEN v_count = p_limit THEN v_items[v_count] END;
    r.level_place := CASE WHEN v_count = p_limit THEN v_ids[v_count] END;
  ELSIF r.unit_place IS NOT NULL THEN
    v_ids := ARRAY(SELECT u.id FROM serial_unit u WHERE u.tenant_id = r.tenant_id AND u.id > r.unit_place ORDER BY u.id LIMIT p_limit);
    INSERT INTO unit_dirty SELECT r.tenant_id, k FROM unnest(v_ids) AS k ON CONFLICT DO NOTHING;
    v_count := cardinality(v_ids);
    r.unit_place := CASE WHEN v_count = p_limit THEN v_ids[v_count] END;
  ELSIF r.movement_place IS NOT NULL THEN
    v_ids := ARRAY(SELECT m.id FROM movement m WHERE m.tenant_id = r.tenant_id AND m.id > r.movement_place AND m.id <= r.movement_until
                   ORDER BY m.id LIMIT p_limit);
    PERFORM movement_publish(r.tenant_id, v_ids, NULL);
    v_count := cardinality(v_ids);
    r.movement_place := CASE WHEN v_count = p_limit THEN v_ids[v_count] END;
  END IF;
  UPDATE republish x SET level_item = r.level_item, level_place = r.level_place, unit_place = r.unit_place,
    movement_place = r.movement_place, queued = x.queued + v_count,
    finished_at = CASE WHEN r.level_item IS NULL AND r.unit_place IS NULL AND r.movement_place IS NULL THEN clock_timestamp() END
  WHERE x.tenant_id = r.tenant_id AND x.id = r.id;
  RETURN v_count;
END $fn$;
