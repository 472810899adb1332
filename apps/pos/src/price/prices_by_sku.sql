-- The entries of the price book by SKU, as price_by_sku finds them; a SKU that it does not have is not there.
CREATE OR REPLACE FUNCTION prices_by_sku(p_tenant uuid, p_skus text[])
RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT coalesce(json_object_agg(k.sku, k.entry), '{}')
    FROM (SELECT q.sku, price_by_sku(p_tenant, q.sku) AS entry FROM unnest(p_skus) AS q (sku)) k
   WHERE k.entry IS NOT NULL);
END $$;
