-- What a consumer takes before it reads the copies of these SKUs; makes the rows that are missing.
--
-- Two counts of one SKU at two locations come from two partitions, so their groups are applied side by side. Each
-- must see the other's count before it adds them up: hence the lock on the SKU's row, by a statement before the one
-- that reads. Connections come and go rarely: they lock out the tenant's consumers for their transaction, so that a
-- new connection misses no count.
CREATE OR REPLACE FUNCTION listing_lock(p_tenant uuid, p_skus text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_locked bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(p_tenant::text, 6));
  PERFORM FROM known_variant WHERE tenant_id = p_tenant AND sku = ANY (p_skus) ORDER BY sku FOR UPDATE;
  GET DIAGNOSTICS v_locked = ROW_COUNT;
  IF v_locked < cardinality(p_skus) THEN
    INSERT INTO known_variant (tenant_id, sku)
    SELECT DISTINCT p_tenant, s.sku FROM unnest(p_skus) AS s(sku) ORDER BY s.sku
    ON CONFLICT DO NOTHING;
    PERFORM FROM known_variant WHERE tenant_id = p_tenant AND sku = ANY (p_skus) ORDER BY sku FOR UPDATE;
  END IF;
END $$;
