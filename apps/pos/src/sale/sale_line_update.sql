-- p_line: the line as in sale_view, as it was decided on version p_version of the sale. Outcome UPDATED, KEY_USED, or CHANGED:
-- the sale is another one by now, read it again and decide again. Only UPDATED has written anything; the key keeps the line
-- and the version that it has it since, so that a repetition can make the hold as large again.
CREATE OR REPLACE FUNCTION sale_line_update(p_tenant uuid, p_key text, p_hash text, p_sale uuid, p_version integer, p_line jsonb)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_record json; v_row sale; v_before bigint; v_after bigint;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, 'saleLineUpdate', p_hash,
    jsonb_build_object('saleId', p_sale, 'line', p_line, 'version', p_version + 1));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record, 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF v_row.status IS DISTINCT FROM 'OPEN' OR v_row.version <> p_version THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'CHANGED');
  END IF;
  -- Without its discount for a moment: that was of the line as it was, and may be more than it comes to now.
  SELECT l.total_minor INTO STRICT v_before
    FROM sale_line l WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.id = (p_line ->> 'id')::uuid;
  UPDATE sale_line l SET quantity = n.quantity, unit_price_minor = n."unitPriceMinor",
         price_reason = n."priceReason", price_given_by = n."priceGivenBy", note = n.note, discount_minor = 0, location_id = n."locationId",
         hold_id = n."holdId",
         held_until = n."heldUntil"
    FROM jsonb_to_record(p_line) AS n(id uuid, quantity integer, "unitPriceMinor" bigint, "priceReason" text, "priceGivenBy" text, note text, "locationId" uuid, "holdId" uuid, "heldUntil" timestamptz)
   WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.id = n.id
  RETURNING l.total_minor INTO v_after;
  UPDATE sale AS s
     SET version = s.version + 1, active_at = clock_timestamp(),
         total_minor = s.total_minor - v_before + v_after
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  IF v_row.has_discounts THEN v_row := sale_discounts_apply(p_tenant, p_sale); END IF;
  RETURN json_build_object('outcome', 'UPDATED', 'sale', sale_view(v_row));
END $$;
