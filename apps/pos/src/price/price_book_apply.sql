CREATE OR REPLACE FUNCTION price_book_apply(p_tenant uuid, p_product uuid, p_version integer, p_entries jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO price_book_product AS known (tenant_id, product_id, version)
  VALUES (p_tenant, p_product, p_version)
  ON CONFLICT ON CONSTRAINT price_book_product_pkey DO UPDATE SET version = EXCLUDED.version
    WHERE EXCLUDED.version > known.version;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM price_book WHERE tenant_id = p_tenant AND product_id = p_product;
  INSERT INTO price_book (tenant_id, variant_id, product_id, sku, title, status, is_active, tracking,
                          price_minor, currency_code, category, vendor, tax_code, is_taxable)
  SELECT p_tenant, e."variantId", p_product, e.sku, e.title, e.status, e."isActive", e.tracking,
         e."priceMinor", e."currencyCode", e.category, e.vendor, e."taxCode", coalesce(e."isTaxable", true)
    FROM jsonb_to_recordset(p_entries) AS e("variantId" uuid, sku text, title text, status text,
         "isActive" boolean, tracking text, "priceMinor" bigint, "currencyCode" text, category text, vendor text,
         "taxCode" text, "isTaxable" boolean)
  -- A variant that has moved here from another product, whose own event may come later. Its product's version only rises,
  -- wherever it goes: an older event of the former product takes nothing back (ADR 0243).
  ON CONFLICT ON CONSTRAINT price_book_pkey DO UPDATE
    SET product_id = EXCLUDED.product_id, sku = EXCLUDED.sku, title = EXCLUDED.title, status = EXCLUDED.status,
        is_active = EXCLUDED.is_active, tracking = EXCLUDED.tracking, price_minor = EXCLUDED.price_minor,
        currency_code = EXCLUDED.currency_code, category = EXCLUDED.category, vendor = EXCLUDED.vendor,
        tax_code = EXCLUDED.tax_code, is_taxable = EXCLUDED.is_taxable, updated_at = EXCLUDED.updated_at
    WHERE p_version > coalesce((SELECT known.version FROM price_book_product AS known
                                 WHERE known.tenant_id = p_tenant AND known.product_id = price_book.product_id), 0);
  RETURN true;
END $$;
