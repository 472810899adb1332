CREATE OR REPLACE FUNCTION price_by_sku(p_tenant uuid, p_sku text)
RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT json_build_object('variantId', variant_id, 'sku', sku, 'title', title, 'status', status,
           'isActive', is_active, 'tracking', tracking, 'priceMinor', price_minor,
           'currencyCode', currency_code, 'version', (
             SELECT k.version FROM price_book_product k
              WHERE k.tenant_id = p_tenant AND k.product_id = price_book.product_id))
    FROM price_book WHERE tenant_id = p_tenant AND sku_key = identifier_key(p_sku)
   ORDER BY (status = 'ACTIVE' AND is_active) DESC, updated_at DESC LIMIT 1);
END $$;
