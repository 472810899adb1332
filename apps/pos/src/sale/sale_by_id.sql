-- Null when there is none.
CREATE OR REPLACE FUNCTION sale_by_id(p_tenant uuid, p_sale uuid)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_view json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT sale_view(s) INTO v_view FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale;
  RETURN v_view;
END $$;
