-- Gives units to a generic hold, of which the caller has locked the level: each unit becomes a part of its
-- own; the hold itself keeps what is left, or takes the first unit when nothing is. Neither quantity nor
-- committed changes. Answers the holds that bear the units, in their order.
CREATE OR REPLACE FUNCTION hold_name_units(p_tenant uuid, h hold, p_units uuid[], p_now timestamptz)
RETURNS uuid[] LANGUAGE plpgsql AS $fn$
DECLARE
  v_rest integer := h.quantity - cardinality(p_units);
  v_ids uuid[]; v_parts integer[]; v_part integer := h.part;
  v_named uuid[] := p_units;
BEGIN
  IF h.line_id IS NOT NULL THEN
    SELECT max(x.part) INTO v_part FROM hold x WHERE x.tenant_id = p_tenant AND x.reference_kind = h.reference_kind
      AND x.reference_id = h.reference_id AND x.line_id = h.line_id AND x.status IN ('LIVE', 'SOLD');
  END IF;
  IF v_rest = 0 THEN
    UPDATE hold x SET quantity = 1, serial_unit_id = p_units[1], allocated_at = p_now WHERE x.tenant_id = p_tenant AND x.id = h.id;
    v_ids := ARRAY[h.id];
    v_named := p_units[2:];
  ELSE
    UPDATE hold x SET quantity = v_rest WHERE x.tenant_id = p_tenant AND x.id = h.id;
  END IF;
  FOR n IN 1 .. cardinality(v_named) LOOP
    v_ids := array_append(v_ids, uuidv7());
    v_parts := array_append(v_parts, v_part + n);
  END LOOP;
  INSERT INTO hold (tenant_id, id, kind, status, stock_item_id, location_id, quantity, serial_unit_id, expires_at, purpose, channel,
    subject, reference_kind, reference_id, line_id, part, created_at, settled_at, split_from, allocated_at)
  SELECT p_tenant, x.id, h.kind, h.status, h.stock_item_id, h.location_id, 1, x.unit, h.expires_at, h.purpose, h.channel,
    h.subject, h.reference_kind, h.reference_id, h.line_id, x.part, h.created_at, h.settled_at, h.id, p_now
  FROM unnest(v_ids[cardinality(v_ids) - cardinality(v_named) + 1 :], v_named, v_parts) AS x (id, unit, part);
  WITH taken AS (
    UPDATE serial_unit u SET status = 'HELD', version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) RETURNING u.id)
  INSERT INTO unit_dirty SELECT p_tenant, id FROM taken ON CONFLICT DO NOTHING;
  RETURN v_ids;
END $fn$;
