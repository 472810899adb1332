-- Counts as inventory published them; of one that comes several times, or late, the newest stays. A sale costs one row
-- here: what products are found by is written when a variant sells out, is there again, or turns low. Answers whether one did.
CREATE OR REPLACE FUNCTION known_levels_save(p_tenant uuid, p_variants uuid[], p_locations uuid[], p_available integer[], p_versions bigint[])
RETURNS boolean LANGUAGE plpgsql AS $fn$
DECLARE
  v_changed uuid[];
BEGIN
  INSERT INTO variant_stock (tenant_id, variant_id)
  SELECT DISTINCT p_tenant, v FROM unnest(p_variants) v
  WHERE NOT EXISTS (SELECT FROM variant_stock s WHERE s.tenant_id = p_tenant AND s.variant_id = v)
  ORDER BY v ON CONFLICT DO NOTHING;
  PERFORM FROM variant_stock WHERE tenant_id = p_tenant AND variant_id = ANY (p_variants)
  ORDER BY variant_id FOR NO KEY UPDATE;
  WITH newest AS (
    SELECT DISTINCT ON (variant_id, location_id) *
    FROM unnest(p_variants, p_locations, p_available, p_versions) AS l (variant_id, location_id, available, version)
    ORDER BY variant_id, location_id, version DESC
  ), saved AS (
    INSERT INTO known_level AS k (tenant_id, variant_id, location_id, available, version)
    SELECT p_tenant, variant_id, location_id, available, version FROM newest
    ON CONFLICT ON CONSTRAINT known_level_pkey DO UPDATE SET available = excluded.available, version = excluded.version
    WHERE k.version < excluded.version
    RETURNING variant_id
  )
  SELECT array_agg(DISTINCT variant_id) INTO v_changed FROM saved;
  RETURN variant_stock_refresh(p_tenant, v_changed);
END $fn$;
