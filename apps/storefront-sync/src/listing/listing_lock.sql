-- What a consumer takes before it reads the copies of these SKUs; makes the rows that are missing.
--
-- Two counts of one SKU at two locations come from two partitions, so their groups are applied side by side. Each
-- must see the other's count before it adds them up: hence the lock on the SKU's row, by a statement before the one
-- that reads. Connections come and go rarely: they lock out the tenant's consumers for their transaction, so that a
-- new connection misses no count.
CREATE OR REPLACE FUNCTION listing_lock(p_tenant uuid, p_skus text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_keys constant text[] := ARRAY(SELECT DISTINCT identifier_key(s.sku) FROM unnest(p_skus) AS s(sku));
  v_locked bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(p_tenant::text, 6));
  PERFORM FROM known_variant WHERE tenant_id = p_tenant AND sku_key = ANY (v_keys) ORDER BY sku_key FOR UPDATE;
  GET DIAGNOSTICS v_locked = ROW_COUNT;
  IF v_locked < cardinality(v_keys) THEN
    INSERT INTO known_variant (tenant_id, sku)
    SELECT DISTINCT ON (identifier_key(s.sku)) p_tenant, s.sku FROM unnest(p_skus) AS s(sku)
    ORDER BY identifier_key(s.sku)
    ON CONFLICT DO NOTHING;
    PERFORM FROM known_variant WHERE tenant_id = p_tenant AND sku_key = ANY (v_keys) ORDER BY sku_key FOR UPDATE;
  END IF;
END $$;
