-- The thresholds of stock items as inventory published them; the newest stays. Most are what is assumed of an unknown one, and
-- write nothing. Answers whether a variant turned.
CREATE OR REPLACE FUNCTION low_stock_thresholds_save(p_tenant uuid, p_variants uuid[], p_thresholds integer[], p_versions bigint[])
RETURNS boolean LANGUAGE plpgsql AS $fn$
DECLARE
  v_changed uuid[];
BEGIN
  WITH newest AS (
    SELECT DISTINCT ON (i.variant_id) i.*
    FROM unnest(p_variants, p_thresholds, p_versions) AS i (variant_id, threshold, version)
    LEFT JOIN variant_stock s ON s.tenant_id = p_tenant AND s.variant_id = i.variant_id
    WHERE i.threshold <> 1 OR s.variant_id IS NOT NULL
    ORDER BY i.variant_id, i.version DESC
  ), saved AS (
    INSERT INTO variant_stock AS s (tenant_id, variant_id, low_stock_threshold, item_version)
    SELECT p_tenant, variant_id, threshold, version FROM newest
    ON CONFLICT ON CONSTRAINT variant_stock_pkey DO UPDATE
    SET low_stock_threshold = excluded.low_stock_threshold, item_version = excluded.item_version
    WHERE s.item_version < excluded.item_version
    RETURNING variant_id
  )
  SELECT array_agg(variant_id) INTO v_changed FROM saved;
  RETURN variant_stock_refresh(p_tenant, v_changed);
END $fn$;
