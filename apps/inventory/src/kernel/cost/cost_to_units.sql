-- Units on hand that are given serials take their cost with them, in equal parts; a unit that has a cost keeps it.
CREATE OR REPLACE FUNCTION cost_to_units(p_tenant uuid, p_item uuid, p_units uuid[])
RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_units uuid[]; v record;
BEGIN
  v_units := ARRAY(SELECT u.id FROM serial_unit u
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.stock_item_id = p_item AND u.cost_minor IS NULL ORDER BY u.id);
  SELECT * INTO v FROM cost_issue(p_tenant, p_item, cardinality(v_units));
  UPDATE serial_unit u SET cost_currency = v.cost_currency,
    cost_minor = cost_share(v.cost_minor, n.ord, v.cost_quantity) - cost_share(v.cost_minor, n.ord - 1, v.cost_quantity)
  FROM unnest(v_units) WITH ORDINALITY AS n (id, ord)
  WHERE u.tenant_id = p_tenant AND u.id = n.id AND n.ord <= v.cost_quantity;
END $fn$;
