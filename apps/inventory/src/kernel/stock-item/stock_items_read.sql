-- Stock items by id, variant or SKU, each with its levels in the order of their codes; one JSON document
-- in place of rows, because a page asks for items × locations.
CREATE OR REPLACE FUNCTION stock_items_read(p_tenant uuid, p_ids uuid[], p_variants uuid[], p_skus text[])
RETURNS json LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_items json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT coalesce(json_agg(json_build_object('id', i.id, 'variantId', i.variant_id, 'sku', i.sku, 'title', i.title,
    'tracking', i.tracking, 'lowStockThreshold', i.low_stock_threshold, 'backorderLimit', i.backorder_limit,
    'levels', coalesce(l.levels, '[]'))), '[]')
  INTO v_items
  FROM (
    SELECT * FROM stock_item a WHERE a.tenant_id = p_tenant AND a.id = ANY (p_ids)
    UNION SELECT * FROM stock_item b WHERE b.tenant_id = p_tenant AND b.variant_id = ANY (p_variants)
    UNION SELECT * FROM stock_item c WHERE c.tenant_id = p_tenant AND c.sku_key = ANY (ARRAY(SELECT identifier_key(k) FROM unnest(p_skus) k))
  ) i
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('locationId', n.location_id, 'code', c.code, 'name', c.name, 'onHand', n.on_hand,
      'committed', n.committed, 'available', n.available, 'version', n.version) ORDER BY c.code) AS levels
    FROM level_now n JOIN location c ON c.tenant_id = n.tenant_id AND c.id = n.location_id
    WHERE n.tenant_id = p_tenant AND n.stock_item_id = i.id
  ) l ON true;
  RETURN v_items;
END $fn$;
