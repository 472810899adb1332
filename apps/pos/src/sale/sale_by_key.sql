-- The sale that a key was used on, whichever operation used it.
CREATE OR REPLACE FUNCTION sale_by_key(p_tenant uuid, p_key text)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_view json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT sale_view(s) INTO v_view
    FROM idempotency_record r
    JOIN sale s ON s.tenant_id = r.tenant_id AND s.id = (r.response ->> 'saleId')::uuid
   WHERE r.tenant_id = p_tenant AND r.key = p_key;
  RETURN v_view;
END $$;
