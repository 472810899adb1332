-- Brings the prices of a product, which the caller has locked, to what its price lists say at this moment. Derived from
-- the clock and the lists alone, so it may run as often as it likes. True when a price is another one than before.
CREATE OR REPLACE FUNCTION price_lists_apply(p_tenant uuid, p_product uuid)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_own integer;
  v_list integer;
BEGIN
  -- A change for good: once, the one that began last. What it names in another currency than the variant has is left.
  WITH begun AS (
    SELECT DISTINCT ON (e.variant_id) e.variant_id, e.price_minor, e.currency_code
      FROM price_list_product lp
      JOIN price_list l ON l.tenant_id = lp.tenant_id AND l.id = lp.price_list_id
      JOIN price_list_entry e ON e.tenant_id = l.tenant_id AND e.price_list_id = l.id
     WHERE lp.tenant_id = p_tenant AND lp.product_id = p_product AND NOT lp.is_applied
       AND l.kind = 'PRICE_CHANGE' AND l.cancelled_at IS NULL AND l.starts_at <= v_now
     ORDER BY e.variant_id, l.starts_at DESC, l.id DESC)
  UPDATE variant v SET price_minor = b.price_minor, updated_at = now()
    FROM begun b
   WHERE v.tenant_id = p_tenant AND v.id = b.variant_id AND v.product_id = p_product AND v.removed_at IS NULL
     AND v.currency_code = b.currency_code AND v.price_minor IS DISTINCT FROM b.price_minor;
  GET DIAGNOSTICS v_own = ROW_COUNT;

  -- Of several sales in force the one that began last.
  WITH in_force AS (
    SELECT DISTINCT ON (e.variant_id) e.variant_id, e.price_minor, l.id AS list_id
      FROM price_list_product lp
      JOIN price_list l ON l.tenant_id = lp.tenant_id AND l.id = lp.price_list_id
      JOIN price_list_entry e ON e.tenant_id = l.tenant_id AND e.price_list_id = l.id
      JOIN variant v ON v.tenant_id = e.tenant_id AND v.id = e.variant_id AND v.currency_code = e.currency_code
     WHERE lp.tenant_id = p_tenant AND lp.product_id = p_product AND l.kind = 'SALE'
       AND l.cancelled_at IS NULL AND l.starts_at <= v_now AND (l.ends_at IS NULL OR l.ends_at > v_now)
     ORDER BY e.variant_id, l.starts_at DESC, l.id DESC),
  wanted AS (
    SELECT x.id, f.price_minor, f.list_id
      FROM variant x LEFT JOIN in_force f ON f.variant_id = x.id
     WHERE x.tenant_id = p_tenant AND x.product_id = p_product AND x.removed_at IS NULL)
  UPDATE variant v SET list_price_minor = w.price_minor, price_list_id = w.list_id, updated_at = now()
    FROM wanted w
   WHERE v.tenant_id = p_tenant AND v.id = w.id
     AND (v.list_price_minor IS DISTINCT FROM w.price_minor OR v.price_list_id IS DISTINCT FROM w.list_id);
  GET DIAGNOSTICS v_list = ROW_COUNT;

  UPDATE price_list_product lp
     SET is_applied = lp.is_applied OR l.starts_at <= v_now,
         due_at = CASE WHEN l.cancelled_at IS NOT NULL THEN NULL
                       WHEN l.starts_at > v_now THEN l.starts_at
                       WHEN l.ends_at > v_now THEN l.ends_at END
    FROM price_list l
   WHERE lp.tenant_id = p_tenant AND lp.product_id = p_product
     AND l.tenant_id = lp.tenant_id AND l.id = lp.price_list_id;
  RETURN v_own + v_list > 0;
END $$;
