-- Voids a checkout whose payment has not come: with a key because somebody gives it up, without one because the payment is
-- overdue by the clock of the database. Payment and expiry meet at the lock of the sale: whoever comes second finds what the
-- first one wrote. Answers as sale_void; OTHER_STATE when it is paid, ended, or not overdue.
CREATE OR REPLACE FUNCTION sale_void_unpaid(
  p_tenant uuid,
  p_sale uuid,
  p_reason text,
  p_key text,
  p_hash text,
  p_settle_seconds double precision,
  p_traceparent text
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_record json;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  IF p_key IS NOT NULL THEN
    v_record := idempotency_claim(p_tenant, p_key, 'saleVoid', p_hash, jsonb_build_object('saleId', p_sale));
    IF v_record IS NOT NULL THEN
      RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record, 'sale', sale_by_id(p_tenant, p_sale));
    END IF;
  END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF v_row.status = 'PENDING' AND v_row.commit_key IS NULL
     AND (p_key IS NOT NULL OR v_row.payment_due_at <= clock_timestamp()) THEN
    IF p_key IS NULL THEN
      UPDATE sale SET expired_at = clock_timestamp() WHERE tenant_id = p_tenant AND id = p_sale;
    END IF;
    RETURN sale_void(p_tenant, p_sale, 'PENDING', p_reason, NULL, NULL, NULL, p_settle_seconds, p_traceparent);
  END IF;
  IF p_key IS NOT NULL THEN PERFORM idempotency_unclaim(p_tenant, p_key); END IF;
  RETURN json_build_object('outcome', 'OTHER_STATE', 'sale', sale_by_id(p_tenant, p_sale));
END $$;
