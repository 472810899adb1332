-- Adds units of known cost to both books; the caller has found their currency to fit.
CREATE OR REPLACE FUNCTION cost_receive(
  p_tenant uuid,
  p_item uuid,
  p_movement uuid,
  p_at timestamptz,
  p_quantity integer,
  p_sold_ahead integer,
  p_minor bigint,
  p_currency text
) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_ahead_minor bigint := cost_share(p_minor, p_sold_ahead, p_quantity);
BEGIN
  UPDATE item_cost c SET quantity = c.quantity + p_quantity - p_sold_ahead, average_minor = c.average_minor + p_minor - v_ahead_minor
  WHERE c.tenant_id = p_tenant AND c.stock_item_id = p_item;
  INSERT INTO cost_layer (tenant_id, stock_item_id, movement_id, received_at, currency, quantity, cost_minor, sold_ahead, sold_ahead_minor,
    remaining, remaining_minor, closed_at)
  VALUES (p_tenant, p_item, p_movement, p_at, p_currency, p_quantity, p_minor, p_sold_ahead, v_ahead_minor,
    p_quantity - p_sold_ahead, p_minor - v_ahead_minor, CASE WHEN p_quantity = p_sold_ahead THEN clock_timestamp() END);
END $fn$;
