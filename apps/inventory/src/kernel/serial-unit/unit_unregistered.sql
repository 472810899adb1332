-- Units on hand that nobody registered one by one: what a conversion left without a serial. Under the level's lock.
CREATE OR REPLACE FUNCTION unit_unregistered(p_tenant uuid, p_item uuid, p_location uuid)
RETURNS integer LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
BEGIN
  RETURN (SELECT l.on_hand FROM level l WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item AND l.location_id = p_location)
    - (SELECT count(*) FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.location_id = p_location
         AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED'));
END $fn$;
