-- The way back: units that become a quantity bring what they cost.
CREATE OR REPLACE FUNCTION cost_from_units(p_tenant uuid, p_item uuid, p_units uuid[])
RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  r record;
BEGIN
  FOR r IN
    SELECT u.cost_currency AS currency, count(*)::integer AS quantity, sum(u.cost_minor)::bigint AS minor FROM serial_unit u
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.stock_item_id = p_item AND u.cost_minor IS NOT NULL GROUP BY 1
  LOOP
    IF cost_currency_fits(p_tenant, p_item, r.currency) THEN
      PERFORM cost_receive(p_tenant, p_item, NULL, clock_timestamp(), r.quantity, 0, r.minor, r.currency);
    END IF;
  END LOOP;
END $fn$;
