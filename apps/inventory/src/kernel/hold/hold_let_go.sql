-- Releases live holds whose levels the caller has locked; answers how many.
CREATE OR REPLACE FUNCTION hold_let_go(p_tenant uuid, p_ids uuid[], p_release_key text, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_count integer := 0; v_units uuid[];
  r record;
BEGIN
  FOR r IN
    WITH released AS (
      UPDATE hold h SET status = 'RELEASED', settled_at = p_now, release_key = p_release_key
      WHERE h.tenant_id = p_tenant AND h.id = ANY (p_ids) AND h.status = 'LIVE'
      RETURNING h.stock_item_id, h.location_id, h.quantity, h.serial_unit_id
    )
    SELECT stock_item_id, location_id, sum(quantity)::integer AS quantity, count(*)::integer AS count,
           array_agg(serial_unit_id) FILTER (WHERE serial_unit_id IS NOT NULL) AS units
    FROM released GROUP BY 1, 2 ORDER BY 1, 2
  LOOP
    PERFORM level_change(p_tenant, r.stock_item_id, r.location_id, 0, -r.quantity, p_now);
    v_count := v_count + r.count;
    v_units := v_units || r.units;
  END LOOP;
  IF v_units IS NOT NULL THEN PERFORM unit_let_go(p_tenant, v_units); END IF;
  RETURN v_count;
END $fn$;
