-- The levels' events say how an item is counted: they are published again. The caller has locked them all.
CREATE OR REPLACE FUNCTION item_levels_republish(p_tenant uuid, p_item uuid)
RETURNS void LANGUAGE sql AS $fn$
  SELECT level_change(p_tenant, p_item, l.location_id, 0, 0, clock_timestamp()) FROM level l
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item
$fn$;
