-- Units on hand that were given names: the count stays, the cost goes over to them, but for those that
-- bring one of their own, whose share leaves the pool all the same.
CREATE OR REPLACE FUNCTION units_register(
  p_tenant uuid,
  p_item uuid,
  p_units uuid[],
  p_costs bigint[],
  p_currencies text[],
  p_conversion uuid,
  p_actor text,
  p_traceparent text
) RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM cost_to_units(p_tenant, p_item, p_units);
  UPDATE serial_unit u SET cost_minor = x.cost, cost_currency = x.currency
  FROM unnest(p_units, p_costs, p_currencies) AS x (id, cost, currency)
  WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.id = x.id AND x.cost IS NOT NULL;
  INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, to_status, location_id, reference_kind, reference_id, actor)
  SELECT p_tenant, u.id, 'REGISTERED', u.status, u.location_id, 'CONVERSION', p_conversion::text, p_actor
  FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units);
  PERFORM unit_publish(p_tenant, p_units, p_traceparent);
END $fn$;
