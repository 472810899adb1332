-- The payment of a checkout that awaits it, or awaited it. Answers {outcome, sale}:
-- PAID      in time: the sale has its tenders and is committed like any other.
-- LATE      after the expiry: inventory refuses a released sale for ever, so a sale p_late takes its place, PENDING with the
--           same lines, tenders and external id, and claims again.
-- OWED      the checkout was given up or its claim refused: the tenders are with the void sale and owed back.
-- ENDED     a payment came before: nothing is written.  KEY_USED: neither.  CHANGED: neither, what is on a card is not
--           what was read.
-- In each of the first three the money is in the database before anybody looks for stock.
CREATE OR REPLACE FUNCTION sale_pay(
  p_tenant uuid,
  p_key text,
  p_hash text,
  p_sale uuid,
  p_late uuid,
  p_tenders jsonb,
  p_change bigint,
  p_settle_seconds double precision
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_late uuid; v_outcome text; v_paid uuid := p_sale;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  IF idempotency_claim(p_tenant, p_key, 'saleCommit', p_hash, jsonb_build_object('saleId', p_sale))
     IS NOT NULL THEN RETURN json_build_object('outcome', 'KEY_USED'); END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  SELECT s.id INTO v_late FROM sale s WHERE s.tenant_id = p_tenant AND s.late_of = p_sale;
  IF v_row.commit_key IS NOT NULL OR v_late IS NOT NULL THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'ENDED', 'sale', sale_by_id(p_tenant, coalesce(v_late, p_sale)));
  ELSIF NOT stored_values_cover(p_tenant, v_row.currency_code, p_tenders) THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'CHANGED');
  ELSIF v_row.status = 'PENDING' THEN
    v_outcome := 'PAID';
    UPDATE sale SET commit_key = p_key, version = version + 1, change_minor = p_change, settle_attempts = 0,
           pending_at = clock_timestamp(), settle_after = clock_timestamp() + make_interval(secs => p_settle_seconds)
     WHERE tenant_id = p_tenant AND id = p_sale;
  ELSIF v_row.expired_at IS NOT NULL THEN
    v_outcome := 'LATE';
    v_paid := p_late;
    UPDATE sale SET external_id = NULL WHERE tenant_id = p_tenant AND id = p_sale;
    INSERT INTO sale (tenant_id, id, channel, external_id, status, version, location_id, location_code, currency_code,
                      customer_id, secret_hash, total_minor, change_minor, opened_at, opened_by, commit_key, pending_at, payment_due_at,
                      late_of, settle_after)
    VALUES (p_tenant, p_late, v_row.channel, v_row.external_id, 'PENDING', v_row.version, v_row.location_id,
            v_row.location_code, v_row.currency_code, v_row.customer_id, v_row.secret_hash, v_row.total_minor, p_change, clock_timestamp(),
            v_row.opened_by, p_key, clock_timestamp(), v_row.payment_due_at, p_sale,
            clock_timestamp() + make_interval(secs => p_settle_seconds));
    INSERT INTO sale_line (tenant_id, sale_id, id, position, stock_item_id, variant_id, sku, title, tracking, serial_unit_id,
                           serial, location_id, fulfil_from, quantity, unit_price_minor, discount_minor, note,
                           list_price_minor, list_price_version, price_reason, price_given_by, gift_card_id)
    SELECT tenant_id, p_late, id, position, stock_item_id, variant_id, sku, title, tracking, serial_unit_id, serial,
           location_id, fulfil_from, quantity, unit_price_minor, discount_minor, note, list_price_minor, list_price_version, price_reason, price_given_by,
           gift_card_id
      FROM sale_line WHERE tenant_id = p_tenant AND sale_id = p_sale;
    IF v_row.has_discounts THEN PERFORM sale_discounts_copy(p_tenant, p_sale, p_late); END IF;
    PERFORM sale_tax_copy(p_tenant, p_sale, p_late);
    UPDATE idempotency_record SET response = jsonb_build_object('saleId', p_late) WHERE tenant_id = p_tenant AND key = p_key;
  ELSE
    v_outcome := 'OWED';
    UPDATE sale SET commit_key = p_key WHERE tenant_id = p_tenant AND id = p_sale;
  END IF;
  PERFORM sale_tenders_insert(p_tenant, v_paid, p_tenders);
  IF v_outcome = 'OWED' THEN PERFORM stored_values_give_back(p_tenant, v_paid); END IF;
  RETURN json_build_object('outcome', v_outcome, 'sale', sale_by_id(p_tenant, v_paid));
END $$;
