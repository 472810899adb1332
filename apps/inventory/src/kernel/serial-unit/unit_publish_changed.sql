-- Publishes the newest state of units that were held or let go. A unit that is locked is left for the next round: here no
-- level is locked, so waiting for a unit could close a circle with those who lock the level first.
CREATE OR REPLACE FUNCTION unit_publish_changed(p_limit integer) RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  r record; v_count integer := 0;
BEGIN
  FOR r IN
    SELECT s.tenant_id, array_agg(s.id) AS ids FROM (
      SELECT u.tenant_id, u.id FROM (SELECT * FROM unit_dirty LIMIT p_limit) d
      CROSS JOIN LATERAL (
        SELECT x.tenant_id, x.id FROM serial_unit x WHERE x.tenant_id = d.tenant_id AND x.id = d.serial_unit_id
        FOR NO KEY UPDATE SKIP LOCKED) u) s
    GROUP BY s.tenant_id
  LOOP
    DELETE FROM unit_dirty d WHERE d.tenant_id = r.tenant_id AND d.serial_unit_id = ANY (r.ids);
    PERFORM unit_publish(r.tenant_id, r.ids, NULL);
    v_count := v_count + cardinality(r.ids);
  END LOOP;
  RETURN v_count;
END $fn$;
