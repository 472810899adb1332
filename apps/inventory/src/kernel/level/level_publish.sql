-- Publishes the newest state of levels whose locks the caller has. Read by statements with a newer snapshot than the
-- locks': a level that had to be waited for is read as it is now.
CREATE OR REPLACE FUNCTION level_publish(p_tenants uuid[], p_items uuid[], p_places uuid[])
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $fn$
BEGIN
  DELETE FROM level_dirty d USING unnest(p_tenants, p_items, p_places) AS k (tenant, item, place)
  WHERE d.tenant_id = k.tenant AND d.stock_item_id = k.item AND d.location_id = k.place;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
  SELECT l.tenant_id, 'inventory.stock-level-changed', l.stock_item_id || '/' || l.location_id, l.version,
    json_strip_nulls(json_build_object('stockItemId', l.stock_item_id, 'variantId', i.variant_id, 'sku', i.sku, 'tracking', i.tracking,
      'locationId', l.location_id, 'locationCode', c.code, 'onHand', l.on_hand, 'committed', l.committed,
      'available', l.available, 'version', l.version))
  FROM unnest(p_tenants, p_items, p_places) AS k (tenant, item, place)
  CROSS JOIN LATERAL (SELECT * FROM level_now x WHERE x.tenant_id = k.tenant AND x.stock_item_id = k.item AND x.location_id = k.place OFFSET 0) l
  CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = k.tenant AND x.id = k.item OFFSET 0) i
  CROSS JOIN LATERAL (SELECT * FROM location x WHERE x.tenant_id = k.tenant AND x.id = k.place OFFSET 0) c;
END $fn$;
