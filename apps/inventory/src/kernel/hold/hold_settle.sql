-- Settles what expired on a level that the caller has locked.
CREATE OR REPLACE FUNCTION hold_settle(p_tenant uuid, p_item uuid, p_location uuid, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_count integer; v_quantity integer; v_units uuid[];
BEGIN
  WITH settled AS (
    UPDATE hold h SET status = 'EXPIRED', settled_at = p_now
    WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = p_location
      AND h.status = 'LIVE' AND h.expires_at <= p_now
    RETURNING h.quantity, h.serial_unit_id
  )
  SELECT count(*), coalesce(sum(quantity), 0), array_agg(serial_unit_id) FILTER (WHERE serial_unit_id IS NOT NULL)
  INTO v_count, v_quantity, v_units FROM settled;
  IF v_count = 0 THEN RETURN 0; END IF;
  PERFORM level_change(p_tenant, p_item, p_location, 0, -v_quantity, p_now);
  IF v_units IS NOT NULL THEN PERFORM unit_let_go(p_tenant, v_units); END IF;
  RETURN v_count;
END $fn$;
