-- What a product is found by: its words, and a term for each thing one filters by, which begins with `!` as no word can
-- and keeps its case, so that a facet can show it.
CREATE OR REPLACE FUNCTION product_terms(p_tenant uuid, p_product uuid)
RETURNS text[] LANGUAGE plpgsql STABLE AS $fn$
BEGIN
  RETURN ARRAY(
    WITH found AS (
      SELECT * FROM product WHERE tenant_id = p_tenant AND id = p_product AND deleted_at IS NULL
    ), variants AS (
      SELECT * FROM variant WHERE tenant_id = p_tenant AND product_id = p_product AND removed_at IS NULL
    ), texts (words) AS (
      SELECT search_words(concat_ws(' ', p.title, p.handle, p.product_type, p.style_number, array_to_string(p.tags, ' '),
        (SELECT name FROM vendor WHERE tenant_id = p_tenant AND id = p.vendor_id),
        (SELECT path FROM category WHERE tenant_id = p_tenant AND id = p.category_id)))
      FROM found p
      UNION ALL
      SELECT search_words(string_agg(
        concat_ws(' ', sku, CASE WHEN barcode_key ~ '^[0-9]{14}$' THEN barcode_key ELSE barcode END), ' '))
      FROM variants
      UNION ALL
      SELECT search_words(string_agg(u.stock_number, ' '))
      FROM variants v JOIN known_unit u ON u.tenant_id = p_tenant AND u.variant_id = v.id
    ), counts AS (
      -- What is not counted is always there.
      SELECT v.tracking = 'NONE' OR coalesce(s.is_in_stock, false) AS is_in, v.tracking <> 'NONE' AND coalesce(s.is_low, true) AS is_low
      FROM variants v LEFT JOIN variant_stock s ON s.tenant_id = p_tenant AND s.variant_id = v.id
      WHERE v.is_active
    ), shops AS (
      SELECT DISTINCT k.connection_id FROM variants v
      JOIN known_listing k ON k.tenant_id = p_tenant AND k.variant_id = v.id AND k.is_listed
    ), terms (term) AS (
      SELECT unnest(words) FROM texts
      UNION ALL SELECT '!s:' || status FROM found
      UNION ALL SELECT '!u:' FROM found WHERE is_unlisted
      UNION ALL SELECT '!v:' || vendor_id FROM found
      UNION ALL SELECT '!c:' || category_id FROM found
      UNION ALL SELECT '!p:' || product_group_id FROM found
      UNION ALL SELECT '!t:' || left(product_type, 200) FROM found
      UNION ALL SELECT '!g:' || left(tag, 200) FROM found, unnest(tags) tag
      UNION ALL SELECT '!m:barcode' WHERE EXISTS (SELECT FROM variants WHERE barcode IS NULL)
      UNION ALL SELECT '!m:image'
        WHERE NOT EXISTS (SELECT FROM media m WHERE m.tenant_id = p_tenant AND m.product_id = p_product)
      UNION ALL SELECT CASE WHEN bool_or(is_in) THEN '!k:in' ELSE '!k:out' END FROM counts
      UNION ALL SELECT '!k:low' WHERE EXISTS (SELECT FROM counts WHERE is_low)
      UNION ALL SELECT '!l:none' WHERE NOT EXISTS (SELECT FROM shops)
      UNION ALL SELECT '!l:' || connection_id FROM shops
    )
    SELECT DISTINCT term FROM terms WHERE term IS NOT NULL AND EXISTS (SELECT FROM found)
  );
END $fn$;
