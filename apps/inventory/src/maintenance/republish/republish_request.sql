-- Who asks again before it has begun is answered what waits already: a queue of the same work keeps every tenant waiting.
CREATE OR REPLACE FUNCTION republish_request(p_tenant uuid, p_levels boolean, p_units boolean, p_movements boolean, p_actor text)
RETURNS uuid LANGUAGE plpgsql AS $fn$
DECLARE
  v_none uuid := '00000000-0000-0000-0000-000000000000';
  v_id uuid;
BEGIN
  SELECT r.id INTO v_id FROM republish r
  WHERE r.tenant_id = p_tenant AND r.finished_at IS NULL AND r.queued = 0
    AND (r.has_levels, r.has_units, r.has_movements) = (p_levels, p_units, p_movements)
    AND r.level_item IS NOT DISTINCT FROM CASE WHEN p_levels THEN v_none END
    AND r.unit_place IS NOT DISTINCT FROM CASE WHEN p_units THEN v_none END
    AND r.movement_place IS NOT DISTINCT FROM CASE WHEN p_movements THEN v_none END
  LIMIT 1;
  IF v_id IS NOT NULL THEN RETURN v_id; END IF;
  INSERT INTO republish (tenant_id, has_levels, has_units, has_movements, level_item, level_place, unit_place, movement_place, movement_until, actor)
  VALUES (p_tenant, p_levels, p_units, p_movements, CASE WHEN p_levels THEN v_none END, CASE WHEN p_levels THEN v_none END,
    CASE WHEN p_units THEN v_none END, CASE WHEN p_movements THEN v_none END,
    (SELECT m.id FROM movement m WHERE m.tenant_id = p_tenant ORDER BY m.id DESC LIMIT 1), p_actor)
  RETURNING id INTO v_id;
  RETURN v_id;
END $fn$;
