-- The intent of a checkout whose payment is awaited: OPEN → PENDING, in sight of the sweeper. p_version is the basket that
-- was shown; what came or went since is read again. Answers {outcome, sale?}: PENDING with the sale, KEY_USED, CHANGED,
-- BELOW_MINIMUM or PROMOTION_REFUSED; only PENDING has written anything.
CREATE OR REPLACE FUNCTION sale_checkout(
  p_tenant uuid,
  p_key text,
  p_hash text,
  p_sale uuid,
  p_version integer,
  p_payment_seconds double precision,
  p_settle_seconds double precision
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_now timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  IF idempotency_claim(p_tenant, p_key, 'saleCheckout', p_hash, jsonb_build_object('saleId', p_sale))
     IS NOT NULL THEN RETURN json_build_object('outcome', 'KEY_USED'); END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF NOT FOUND OR v_row.status <> 'OPEN' OR v_row.version <> p_version THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'CHANGED');
  END IF;
  IF consignment_below_minimum(p_tenant, p_sale) IS NOT NULL THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'BELOW_MINIMUM');
  END IF;
  IF v_row.has_discounts AND NOT promotions_reserve(v_row) THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'PROMOTION_REFUSED');
  END IF;
  v_now := clock_timestamp();
  UPDATE sale AS s
     SET status = 'PENDING', version = s.version + 1, pending_at = v_now,
         payment_due_at = v_now + make_interval(secs => p_payment_seconds),
         settle_after = v_now + make_interval(secs => p_settle_seconds)
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  RETURN json_build_object('outcome', 'PENDING', 'sale', sale_view(v_row));
END $$;
