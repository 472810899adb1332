-- @before-tables: a trigger of variant names it.
-- A variant that joins a product later; those that it was made with need no word of their own.
CREATE OR REPLACE FUNCTION variant_added_note() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO product_change (tenant_id, product_id, variant_id, field, after)
  SELECT n.tenant_id, n.product_id, n.id, 'variant', to_jsonb(n.sku)
  FROM new_rows n JOIN product p ON p.tenant_id = n.tenant_id AND p.id = n.product_id
  WHERE p.created_at <> now();
  RETURN NULL;
END $body$;
