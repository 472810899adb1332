-- Step 1. The tenders were checked against version p_version of the basket; a line that came or went
-- since then makes the check worthless, so the version guards the move, and what is on a card is looked at again. Outcome
-- PENDING, KEY_USED, CHANGED (read again and decide again), REGISTER_CLOSED, BELOW_MINIMUM, PROMOTION_REFUSED, CUSTOMER_UNKNOWN
-- or CUSTOMER_ERASED; only PENDING has written anything. p_customer null leaves the customer of the basket.
CREATE OR REPLACE FUNCTION sale_intent(
  p_tenant uuid,
  p_key text,
  p_hash text,
  p_sale uuid,
  p_version integer,
  p_tenders jsonb,
  p_change bigint,
  p_settle_seconds double precision,
  p_customer uuid
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_shift uuid; v_outcome text := 'PENDING';
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  IF idempotency_claim(p_tenant, p_key, 'saleCommit', p_hash, jsonb_build_object('saleId', p_sale))
     IS NOT NULL THEN RETURN 'KEY_USED'; END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF NOT FOUND OR v_row.status <> 'OPEN' OR v_row.version <> p_version THEN
    v_outcome := 'CHANGED';
  ELSIF v_row.register_id IS NOT NULL THEN
    -- FOR SHARE: whoever closes the shift waits for us and then counts this sale as pending.
    SELECT h.id INTO v_shift FROM shift h
     WHERE h.tenant_id = p_tenant AND h.register_id = v_row.register_id AND h.closed_at IS NULL FOR SHARE;
    IF NOT FOUND THEN v_outcome := 'REGISTER_CLOSED'; END IF;
  END IF;
  IF p_customer IS NOT NULL AND v_outcome = 'PENDING' THEN
    v_outcome := customer_refused(p_tenant, p_customer, v_outcome);
  END IF;
  IF v_outcome = 'PENDING' AND consignment_below_minimum(p_tenant, p_sale) IS NOT NULL THEN
    v_outcome := 'BELOW_MINIMUM';
  END IF;
  IF v_outcome = 'PENDING' AND NOT stored_values_cover(p_tenant, v_row.currency_code, p_tenders) THEN
    v_outcome := 'CHANGED';
  END IF;
  IF v_row.has_discounts AND v_outcome = 'PENDING' THEN
    v_row.customer_id := coalesce(p_customer, v_row.customer_id);
    IF NOT promotions_reserve(v_row) THEN v_outcome := 'PROMOTION_REFUSED'; END IF;
  END IF;
  IF v_outcome <> 'PENDING' THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN v_outcome;
  END IF;
  UPDATE sale SET status = 'PENDING', version = version + 1, commit_key = p_key, shift_id = v_shift,
         change_minor = p_change, customer_id = coalesce(p_customer, customer_id), pending_at = clock_timestamp(),
         settle_after = clock_timestamp() + make_interval(secs => p_settle_seconds)
   WHERE tenant_id = p_tenant AND id = p_sale;
  PERFORM sale_tenders_insert(p_tenant, p_sale, p_tenders);
  RETURN v_outcome;
END $$;

-- For processes of the release before, which name no customer (docs/running.md, "Upgrading while it runs").
CREATE OR REPLACE FUNCTION sale_intent(
  p_tenant uuid,
  p_key text,
  p_hash text,
  p_sale uuid,
  p_version integer,
  p_tenders jsonb,
  p_change bigint,
  p_settle_seconds double precision
) RETURNS text LANGUAGE sql AS $$
  SELECT sale_intent(p_tenant, p_key, p_hash, p_sale, p_version, p_tenders, p_change, p_settle_seconds, NULL);
$$;
