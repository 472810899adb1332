-- Locks (and makes) an item's cost; false if it is kept in another currency. An item without a known cost in
-- stock may change its currency.
CREATE OR REPLACE FUNCTION cost_currency_fits(p_tenant uuid, p_item uuid, p_currency text)
RETURNS boolean LANGUAGE plpgsql AS $fn$
DECLARE
  c item_cost;
BEGIN
  INSERT INTO item_cost (tenant_id, stock_item_id, currency) VALUES (p_tenant, p_item, p_currency) ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT c FROM item_cost x WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item FOR NO KEY UPDATE;
  IF c.currency = p_currency THEN RETURN true; END IF;
  IF c.quantity > 0 OR EXISTS (
    SELECT FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.cost_minor IS NOT NULL
      AND u.status NOT IN ('SOLD', 'LOST', 'SCRAPPED') AND u.cost_currency <> p_currency) THEN RETURN false; END IF;
  UPDATE item_cost x SET currency = p_currency WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item;
  RETURN true;
END $fn$;
