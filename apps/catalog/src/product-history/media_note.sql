-- @before-tables: triggers of media name it.
-- Pictures that join a product later, and those that are taken from it, by their addresses.
CREATE OR REPLACE FUNCTION media_note() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO product_change (tenant_id, product_id, field, before)
    SELECT o.tenant_id, o.product_id, 'media', to_jsonb(o.url) FROM old_rows o;
  ELSE
    INSERT INTO product_change (tenant_id, product_id, field, after)
    SELECT n.tenant_id, n.product_id, 'media', to_jsonb(n.url)
    FROM new_rows n JOIN product p ON p.tenant_id = n.tenant_id AND p.id = n.product_id
    WHERE p.created_at <> now();
  END IF;
  RETURN NULL;
END $body$;
