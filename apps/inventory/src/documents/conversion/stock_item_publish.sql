-- Publishes the whole state of items, each under a new version. productVersion: the version of the catalog's product
-- that this state has taken in, so that the catalog can tell an answer to its newest word from an older one.
CREATE OR REPLACE FUNCTION stock_item_publish(p_tenant uuid, p_ids uuid[], p_traceparent text)
RETURNS void LANGUAGE sql AS $fn$
  WITH published AS (
    UPDATE stock_item i SET version = i.version + 1 WHERE i.tenant_id = p_tenant AND i.id = ANY (p_ids) RETURNING i.*)
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  SELECT t.tenant_id, 'inventory.stock-item-changed', t.id, t.version,
    json_strip_nulls(json_build_object('stockItemId', t.id, 'variantId', t.variant_id, 'sku', t.sku, 'title', t.title,
      'tracking', t.tracking, 'lowStockThreshold', t.low_stock_threshold, 'backorderLimit', t.backorder_limit,
      'productVersion', nullif(t.source_version, 0), 'version', t.version)), p_traceparent
  FROM published t
$fn$;
