-- Inventory has confirmed that nothing is held for this sale any more. Repeating it changes nothing.
CREATE OR REPLACE FUNCTION sale_release_confirmed(p_tenant uuid, p_sale uuid)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  UPDATE sale SET release_confirmed_at = clock_timestamp(), settle_after = NULL
   WHERE tenant_id = p_tenant AND id = p_sale AND status = 'VOIDED' AND release_confirmed_at IS NULL;
  RETURN FOUND;
END $$;
