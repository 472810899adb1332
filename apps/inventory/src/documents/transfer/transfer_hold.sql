-- Holds what a draft names, at its source. The caller has locked the levels and the units and has decided
-- that all of it is there. A line that grows gets a further part: the hold it had stays as it was.
CREATE OR REPLACE FUNCTION transfer_hold(
  p_tenant uuid,
  p_transfer uuid,
  p_location uuid,
  p_lines uuid[],
  p_items uuid[],
  p_units uuid[],
  p_quantities integer[],
  p_subject text
) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_now timestamptz := clock_timestamp();
  r record;
BEGIN
  FOR r IN SELECT * FROM unnest(p_lines, p_items, p_units, p_quantities) AS x (line, item, unit, quantity) LOOP
    INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, serial_unit_id, purpose, subject,
      reference_kind, reference_id, line_id, part, created_at)
    VALUES (p_tenant, 'HARD', r.item, p_location, r.quantity, r.unit, 'TRANSFER', p_subject,
      'TRANSFER', p_transfer::text, r.line::text, coalesce((
        SELECT max(h.part) + 1 FROM hold h
        WHERE h.tenant_id = p_tenant AND h.reference_kind = 'TRANSFER' AND h.reference_id = p_transfer::text
          AND h.line_id = r.line::text AND h.status IN ('LIVE', 'SOLD')), 0), v_now);
  END LOOP;
  FOR r IN SELECT x.item, sum(x.quantity)::integer AS quantity FROM unnest(p_items, p_quantities) AS x (item, quantity) GROUP BY 1 LOOP
    PERFORM level_change(p_tenant, r.item, p_location, 0, r.quantity, v_now);
  END LOOP;
  WITH taken AS (
    UPDATE serial_unit u SET status = 'HELD', version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) RETURNING u.id)
  INSERT INTO unit_dirty SELECT p_tenant, id FROM taken ON CONFLICT DO NOTHING;
END $fn$;
