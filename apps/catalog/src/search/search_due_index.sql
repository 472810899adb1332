-- Indexes the products of variants of which other services said something new, once for all variants that are due: an
-- import says it of each variant of a product within a second. Products are locked before the rows of their variants, as
-- in every transaction that has both: consumers, who write the latter, never lock a product.
CREATE OR REPLACE FUNCTION search_due_index(p_tenant uuid, p_variants uuid[])
RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_products constant uuid[] := ARRAY(
    SELECT DISTINCT product_id FROM variant WHERE tenant_id = p_tenant AND id = ANY (p_variants));
BEGIN
  PERFORM FROM product WHERE tenant_id = p_tenant AND id = ANY (v_products) ORDER BY id FOR NO KEY UPDATE;
  UPDATE variant_stock SET is_search_due = false
  WHERE tenant_id = p_tenant AND is_search_due AND variant_id = ANY (p_variants || ARRAY(
    SELECT id FROM variant WHERE tenant_id = p_tenant AND product_id = ANY (v_products)));
  PERFORM product_index(p_tenant, v_products);
END $fn$;
