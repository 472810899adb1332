-- What the units of known cost in an item's pool cost together, by the tenant's method.
CREATE OR REPLACE FUNCTION cost_value(c item_cost) RETURNS bigint LANGUAGE sql STABLE AS $fn$
  SELECT CASE costing_method(c.tenant_id) WHEN 'FIFO' THEN (
    SELECT coalesce(sum(l.remaining_minor), 0)::bigint FROM cost_layer l
    WHERE l.tenant_id = c.tenant_id AND l.stock_item_id = c.stock_item_id AND l.closed_at IS NULL)
  ELSE c.average_minor END
$fn$;
