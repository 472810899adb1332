-- Marks those items for a look that may have crossed their threshold: an item that is as low as it was is none, and
-- nearly all are. What a look under way has not yet written cannot be seen: its mark still stands then, and the item
-- gets another. Levels that change at the same moment are published by whoever sees both of them. Answers how many.
CREATE OR REPLACE FUNCTION low_stock_mark(p_tenants uuid[], p_items uuid[])
RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_marked integer;
BEGIN
  INSERT INTO low_stock_due (tenant_id, stock_item_id)
  SELECT k.tenant, k.item FROM (SELECT DISTINCT * FROM unnest(p_tenants, p_items) AS k (tenant, item)) k
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = k.tenant AND x.id = k.item OFFSET 0) i
  CROSS JOIN LATERAL (SELECT sum(x.available) AS available FROM level_now x WHERE x.tenant_id = k.tenant AND x.stock_item_id = k.item) a
  WHERE coalesce(i.tracking <> 'NONE' AND a.available <= i.low_stock_threshold, false)
      <> coalesce((SELECT s.is_low FROM low_stock_state s WHERE s.tenant_id = k.tenant AND s.stock_item_id = k.item), false)
    OR EXISTS (SELECT FROM low_stock_due d WHERE d.tenant_id = k.tenant AND d.stock_item_id = k.item);
  GET DIAGNOSTICS v_marked = ROW_COUNT;
  RETURN v_marked;
END $fn$;
