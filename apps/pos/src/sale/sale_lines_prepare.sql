-- What must be known before the stock of several lines is asked for: {record?, sale?, prices}, prices by SKU.
CREATE OR REPLACE FUNCTION sale_lines_prepare(p_tenant uuid, p_key text, p_sale uuid, p_skus text[])
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_result json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT json_build_object(
    'record', (SELECT json_build_object('operation', operation, 'inputHash', input_hash,
                                         'response', response)
                 FROM idempotency_record WHERE tenant_id = p_tenant AND key = p_key),
    'sale', (SELECT sale_view(s) FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale),
    'prices', prices_by_sku(p_tenant, p_skus)) INTO v_result;
  RETURN v_result;
END $$;
