-- Keeps the newest version of each level, in whatever order they come and however often one of them. Answers the
-- SKUs that changed and whose listings must follow: none while the tenant has no connection, for which the copies
-- are read when there is one. The shared lock comes first: whoever makes a connection waits for this, or this for it.
CREATE OR REPLACE FUNCTION level_save(
  p_tenant uuid,
  p_items uuid[],
  p_locations uuid[],
  p_skus text[],
  p_codes text[],
  p_available bigint[],
  p_versions bigint[]
) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  v_has_connection boolean; v_changed text[];
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(p_tenant::text, 6));
  v_has_connection := EXISTS (SELECT FROM connection c WHERE c.tenant_id = p_tenant);
  IF v_has_connection THEN
    -- An item that got another SKU is taken from the listing of the former one, which may be another variant's by now.
    PERFORM listing_lock(p_tenant, ARRAY(
      SELECT s.sku FROM unnest(p_skus) AS s(sku)
      UNION SELECT k.sku FROM known_level k WHERE k.tenant_id = p_tenant AND k.stock_item_id = ANY (p_items)));
  END IF;
  WITH newest AS (
    SELECT DISTINCT ON (l.item, l.location) l.*
    FROM unnest(p_items, p_locations, p_skus, p_codes, p_available, p_versions)
           AS l(item, location, sku, code, available, version)
    ORDER BY l.item, l.location, l.version DESC
  ), saved AS (
    INSERT INTO known_level AS k (tenant_id, stock_item_id, location_id, sku, location_code, available, version)
    SELECT p_tenant, n.item, n.location, n.sku, n.code, n.available, n.version FROM newest n
    ON CONFLICT ON CONSTRAINT known_level_pkey DO UPDATE
    SET sku = excluded.sku, location_code = excluded.location_code, available = excluded.available,
        version = excluded.version
    WHERE k.version < excluded.version
    RETURNING old.sku AS former, new.sku AS present)
  SELECT coalesce(array_agg(DISTINCT n.sku), '{}') INTO v_changed
  FROM saved s CROSS JOIN LATERAL unnest(ARRAY[s.former, s.present]) AS n(sku)
  WHERE v_has_connection AND n.sku IS NOT NULL;
  RETURN v_changed;
END $$;
