-- Locks the costs of items in their order. Movements of several items may be written in any order after it.
CREATE OR REPLACE FUNCTION cost_lock(p_tenant uuid, p_items uuid[])
RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM FROM item_cost c WHERE c.tenant_id = p_tenant AND c.stock_item_id = ANY (p_items)
  ORDER BY c.stock_item_id FOR NO KEY UPDATE;
END $fn$;
