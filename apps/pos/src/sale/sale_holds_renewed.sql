-- After a renewal that a caller asked for: as sale_lines_renewed, under the caller's key, while the sale is OPEN. p_lost: the
-- lines whose holds had ended, kept with the key. It changes nothing of the basket, so its version stays and a payment that
-- was decided on it stands. Outcome RENEWED, KEY_USED or NOT_OPEN.
CREATE OR REPLACE FUNCTION sale_holds_renewed(p_tenant uuid, p_key text, p_hash text, p_sale uuid, p_holds jsonb, p_lost jsonb)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_record json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, 'saleHoldsRenew', p_hash,
                                jsonb_build_object('saleId', p_sale, 'lost', p_lost));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record, 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  UPDATE sale SET active_at = clock_timestamp() WHERE tenant_id = p_tenant AND id = p_sale AND status = 'OPEN' AND parked_at IS NULL;
  IF NOT FOUND THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'NOT_OPEN', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  PERFORM sale_lines_renewed(p_tenant, p_sale, p_holds);
  RETURN json_build_object('outcome', 'RENEWED', 'sale', sale_by_id(p_tenant, p_sale));
END $$;
