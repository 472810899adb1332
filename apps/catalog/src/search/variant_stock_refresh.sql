-- Whether these variants are in stock and low, from the counts that are known; answers whether one of them turned, whose
-- product is then to be indexed. The caller has locked their rows, so that two counts of one variant are summed up one
-- after the other.
CREATE OR REPLACE FUNCTION variant_stock_refresh(p_tenant uuid, p_variants uuid[])
RETURNS boolean LANGUAGE plpgsql AS $fn$
BEGIN
  WITH summed AS (
    SELECT s.variant_id, s.low_stock_threshold AS threshold, coalesce((
      SELECT sum(l.available) FROM known_level l WHERE l.tenant_id = p_tenant AND l.variant_id = s.variant_id), 0) AS available
    FROM variant_stock s WHERE s.tenant_id = p_tenant AND s.variant_id = ANY (p_variants)
  )
  UPDATE variant_stock s SET is_in_stock = n.available > 0, is_low = n.available <= n.threshold, is_search_due = true
  FROM summed n
  WHERE s.tenant_id = p_tenant AND s.variant_id = n.variant_id
    AND (s.is_in_stock, s.is_low) IS DISTINCT FROM (n.available > 0, n.available <= n.threshold);
  RETURN FOUND;
END $fn$;
