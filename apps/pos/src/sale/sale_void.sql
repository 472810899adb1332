-- The other end. p_from is the only state that is left (OPEN: a caller gives up, with key and hash;
-- PENDING: the claim was refused, with the reasons). Outcome VOIDED, ALREADY_VOIDED, KEY_USED, or
-- OTHER_STATE with the sale as it is.
CREATE OR REPLACE FUNCTION sale_void(
  p_tenant uuid,
  p_sale uuid,
  p_from text,
  p_reason text,
  p_refusal jsonb,
  p_key text,
  p_hash text,
  p_settle_seconds double precision,
  p_traceparent text
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_record json; v_shift uuid;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  IF p_key IS NOT NULL THEN
    v_record := idempotency_claim(p_tenant, p_key, 'saleVoid', p_hash, jsonb_build_object('saleId', p_sale));
    IF v_record IS NOT NULL THEN
      RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
        'sale', sale_by_id(p_tenant, p_sale));
    END IF;
  END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF v_row.status = 'VOIDED' THEN
    RETURN json_build_object('outcome', 'ALREADY_VOIDED', 'sale', sale_view(v_row));
  ELSIF v_row.status IS DISTINCT FROM p_from THEN
    IF p_key IS NOT NULL THEN PERFORM idempotency_unclaim(p_tenant, p_key); END IF;
    RETURN json_build_object('outcome', 'OTHER_STATE', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  -- What a cashier gives up counts in the shift of the till, if one is open. FOR SHARE as in sale_intent: whoever closes
  -- the shift waits and then counts it. Without a key nobody gave it up: it ended by itself or by its claim.
  v_shift := v_row.shift_id;
  IF p_key IS NOT NULL AND v_row.register_id IS NOT NULL THEN
    SELECT h.id INTO v_shift FROM shift h
     WHERE h.tenant_id = p_tenant AND h.register_id = v_row.register_id AND h.closed_at IS NULL FOR SHARE;
  END IF;
  IF v_row.commit_key IS NOT NULL THEN PERFORM stored_values_give_back(p_tenant, p_sale); END IF;
  UPDATE sale AS s
     SET status = 'VOIDED', shift_id = v_shift, version = s.version + 1, voided_at = clock_timestamp(), void_reason = p_reason,
         refusal_reasons = p_refusal, change_minor = 0, settle_attempts = 0,
         settle_after = clock_timestamp() + make_interval(secs => p_settle_seconds)
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  IF v_row.has_discounts THEN PERFORM promotion_uses_end(v_row, 'FREED'); END IF;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  VALUES (p_tenant, 'pos.sale-voided', p_sale::text, v_row.version, sale_event(v_row)::json, p_traceparent);
  RETURN json_build_object('outcome', 'VOIDED', 'sale', sale_view(v_row));
END $$;
