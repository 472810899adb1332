-- Looks at items that are due, across tenants, and publishes those that have crossed; answers for how many occasions.
-- An item that never stood anywhere is not low: nothing of it ran out. One process at a time looks at an
-- item, or an older look could overwrite a newer one.
CREATE OR REPLACE FUNCTION low_stock_evaluate(p_limit integer) RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_tenants uuid[]; v_items uuid[]; v_now timestamptz; v_taken integer;
BEGIN
  PERFORM set_config('app.system', 'relay', true);
  WITH taken AS (
    DELETE FROM low_stock_due d USING (
      SELECT x.tenant_id, x.id FROM low_stock_due x LIMIT p_limit FOR UPDATE SKIP LOCKED) p
    WHERE d.tenant_id = p.tenant_id AND d.id = p.id RETURNING d.tenant_id, d.stock_item_id)
  SELECT array_agg(s.tenant_id), array_agg(s.stock_item_id), sum(s.count) INTO v_tenants, v_items, v_taken FROM (
    SELECT tenant_id, stock_item_id, count(*) AS count FROM taken GROUP BY 1, 2 ORDER BY 1, 2) s;
  IF v_items IS NULL THEN RETURN 0; END IF;
  FOR n IN 1 .. cardinality(v_items) LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('low-stock/' || v_tenants[n] || '/' || v_items[n], 0));
  END LOOP;
  v_now := clock_timestamp();
  WITH seen AS MATERIALIZED (
    SELECT k.tenant, k.item, i.variant_id, i.sku, i.title, i.low_stock_threshold, a.available,
           coalesce(i.tracking <> 'NONE' AND a.available <= i.low_stock_threshold, false) AS is_low
    FROM unnest(v_tenants, v_items) AS k (tenant, item)
    CROSS JOIN LATERAL (SELECT * FROM stock_item x WHERE x.tenant_id = k.tenant AND x.id = k.item OFFSET 0) i
    CROSS JOIN LATERAL (SELECT sum(x.available) AS available FROM level_now x WHERE x.tenant_id = k.tenant AND x.stock_item_id = k.item) a
  ), crossed AS (
    INSERT INTO low_stock_state AS s (tenant_id, stock_item_id, is_low, since)
    SELECT n.tenant, n.item, n.is_low, v_now FROM seen n
    WHERE n.is_low <> coalesce((SELECT x.is_low FROM low_stock_state x WHERE x.tenant_id = n.tenant AND x.stock_item_id = n.item), false)
    ON CONFLICT (tenant_id, stock_item_id) DO UPDATE SET is_low = excluded.is_low, since = excluded.since, version = s.version + 1
    RETURNING s.tenant_id, s.stock_item_id, s.is_low, s.since, s.version)
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
  SELECT c.tenant_id, 'inventory.low-stock-changed', c.stock_item_id || '/low-stock', c.version,
    json_strip_nulls(json_build_object('stockItemId', c.stock_item_id, 'variantId', n.variant_id, 'sku', n.sku, 'title', n.title,
      'isLow', c.is_low, 'available', coalesce(n.available, 0), 'lowStockThreshold', n.low_stock_threshold, 'since', instant(c.since)))
  FROM crossed c JOIN seen n ON n.tenant = c.tenant_id AND n.item = c.stock_item_id;
  RETURN v_taken;
END $fn$;
