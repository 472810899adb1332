-- The events of levels and units say which variant and SKU they are of: when the catalog renames an item or takes
-- one over, they are published again. Otherwise a shop that knows the new SKU alone hears of its stock when it next
-- changes. The caller has locked the items.
CREATE OR REPLACE FUNCTION items_republish(p_tenant uuid, p_items uuid[])
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  l record;
BEGIN
  SELECT * INTO l FROM level_lock(p_tenant, p_items, array_fill(NULL::uuid, ARRAY[cardinality(p_items)]));
  FOR n IN 1 .. coalesce(cardinality(l.items), 0) LOOP
    PERFORM level_change(p_tenant, l.items[n], l.locations[n], 0, 0, l.locked_at);
  END LOOP;
  WITH changed AS (
    UPDATE serial_unit u SET version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.stock_item_id = ANY (p_items) RETURNING u.id)
  INSERT INTO unit_dirty SELECT p_tenant, id FROM changed ON CONFLICT DO NOTHING;
END $fn$;
