-- What is in stock and what it cost, of items that have a known cost: the pool's units and the serialised ones.
CREATE OR REPLACE FUNCTION item_costs(p_tenant uuid, p_items uuid[])
RETURNS TABLE (stock_item_id uuid, currency text, quantity bigint, value_minor bigint) LANGUAGE sql STABLE AS $fn$
  SELECT c.stock_item_id, c.currency, c.quantity + u.quantity, cost_value(c) + u.minor
  FROM item_cost c CROSS JOIN LATERAL (
    SELECT count(*) AS quantity, coalesce(sum(x.cost_minor), 0)::bigint AS minor FROM serial_unit x
    WHERE x.tenant_id = p_tenant AND x.stock_item_id = c.stock_item_id AND x.cost_minor IS NOT NULL
      AND x.status NOT IN ('SOLD', 'LOST', 'SCRAPPED') AND x.cost_currency = c.currency) u
  WHERE c.tenant_id = p_tenant AND c.stock_item_id = ANY (p_items) AND c.quantity + u.quantity > 0
$fn$;
