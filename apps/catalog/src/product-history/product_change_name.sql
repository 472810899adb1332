-- The name that stands in the history in place of an id.
CREATE OR REPLACE FUNCTION product_change_name(p_tenant uuid, p_field text, p_id uuid)
RETURNS jsonb LANGUAGE sql STABLE AS $body$
  SELECT CASE p_field
    WHEN 'vendor_id' THEN (SELECT to_jsonb(name) FROM vendor WHERE tenant_id = p_tenant AND id = p_id)
    WHEN 'category_id' THEN (SELECT to_jsonb(path) FROM category WHERE tenant_id = p_tenant AND id = p_id)
    WHEN 'product_id' THEN (SELECT to_jsonb(title) FROM product WHERE tenant_id = p_tenant AND id = p_id)
    ELSE (SELECT to_jsonb(name) FROM product_group WHERE tenant_id = p_tenant AND id = p_id)
  END
$body$;
