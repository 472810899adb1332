-- How many units more were sold than there are, over all locations, p_here of them at p_location. By the
-- ledger and not by the levels: some writers change the level before its movements are written, some after.
CREATE OR REPLACE FUNCTION cost_sold_ahead(p_tenant uuid, p_item uuid, p_location uuid, p_here integer)
RETURNS bigint LANGUAGE sql AS $fn$
  SELECT greatest(0, -p_here - coalesce(sum(m.resulting_on_hand), 0))
  FROM level l CROSS JOIN LATERAL (
    SELECT x.resulting_on_hand FROM movement x
    WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item AND x.location_id = l.location_id
    ORDER BY x.level_version DESC, x.position DESC LIMIT 1) m
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item AND l.location_id <> p_location
$fn$;
