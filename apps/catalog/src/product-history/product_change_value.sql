-- What a column held, as the history shows it.
CREATE OR REPLACE FUNCTION product_change_value(p_tenant uuid, p_field text, p_row jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $body$
  SELECT CASE
    WHEN p_row ->> p_field IS NULL THEN NULL
    WHEN p_field = 'vendor_id' THEN
      (SELECT to_jsonb(name) FROM vendor WHERE tenant_id = p_tenant AND id = (p_row ->> p_field)::uuid)
    WHEN p_field = 'category_id' THEN
      (SELECT to_jsonb(path) FROM category WHERE tenant_id = p_tenant AND id = (p_row ->> p_field)::uuid)
    WHEN p_field = 'product_group_id' THEN
      (SELECT to_jsonb(name) FROM product_group WHERE tenant_id = p_tenant AND id = (p_row ->> p_field)::uuid)
    WHEN p_field LIKE '%\_minor' THEN
      jsonb_build_object('amountMinor', p_row -> p_field, 'currencyCode', p_row -> 'currency_code')
    ELSE p_row -> p_field
  END
$body$;
