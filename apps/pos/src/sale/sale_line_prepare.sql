-- What must be known before a line's stock is asked for: {record?, sale?, price?}. The price is looked
-- up by SKU when there is one; the newest active variant wins while a SKU moves between two.
CREATE OR REPLACE FUNCTION sale_line_prepare(p_tenant uuid, p_key text, p_sale uuid, p_sku text)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_result json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT json_build_object(
    'record', (SELECT json_build_object('operation', operation, 'inputHash', input_hash,
                                         'response', response)
                 FROM idempotency_record WHERE tenant_id = p_tenant AND key = p_key),
    'sale', (SELECT sale_view(s) FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale),
    'price', price_by_sku(p_tenant, p_sku)) INTO v_result;
  RETURN v_result;
END $$;
