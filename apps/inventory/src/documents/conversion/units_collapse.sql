-- Units that become a quantity: gone as units, there as before in the count. The caller has locked the levels
-- and has found them AVAILABLE; codes that named one of them name nothing any more.
CREATE OR REPLACE FUNCTION units_collapse(p_tenant uuid, p_item uuid, p_units uuid[], p_conversion uuid, p_actor text, p_traceparent text)
RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM cost_from_units(p_tenant, p_item, p_units);
  INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, from_status, to_status, location_id, facts, reason,
    reference_kind, reference_id, actor)
  SELECT p_tenant, u.id, 'COLLAPSED', u.status, 'SCRAPPED', u.location_id,
    jsonb_strip_nulls(jsonb_build_object('formerSerial', u.serial)), 'COLLAPSED', 'CONVERSION', p_conversion::text, p_actor
  FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units);
  UPDATE serial_unit u SET status = 'SCRAPPED', former_serial = u.serial, serial = NULL, is_listed = false, version = u.version + 1
  WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units);
  UPDATE stock_code c SET actor = p_actor, note = 'its unit was collapsed into a quantity'
  WHERE c.tenant_id = p_tenant AND c.serial_unit_id = ANY (p_units);
  DELETE FROM stock_code c WHERE c.tenant_id = p_tenant AND c.serial_unit_id = ANY (p_units);
  PERFORM unit_publish(p_tenant, p_units, p_traceparent);
END $fn$;
