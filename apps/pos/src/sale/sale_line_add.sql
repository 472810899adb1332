-- p_line: the line as in sale_view. Outcome ADDED, KEY_USED or NOT_OPEN (the sale then says what it is).
CREATE OR REPLACE FUNCTION sale_line_add(p_tenant uuid, p_key text, p_hash text, p_sale uuid, p_line jsonb)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_record json; v_row sale;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_record := idempotency_claim(p_tenant, p_key, 'saleLineAdd', p_hash,
                                jsonb_build_object('saleId', p_sale, 'line', p_line));
  IF v_record IS NOT NULL THEN
    RETURN json_build_object('outcome', 'KEY_USED', 'record', v_record,
      'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  UPDATE sale AS s
     SET version = s.version + 1, active_at = clock_timestamp(),
         total_minor = s.total_minor + (p_line ->> 'quantity')::bigint * (p_line ->> 'unitPriceMinor')::bigint
   WHERE s.tenant_id = p_tenant AND s.id = p_sale AND s.status = 'OPEN' AND s.parked_at IS NULL
  RETURNING s.* INTO v_row;
  IF NOT FOUND THEN
    PERFORM idempotency_unclaim(p_tenant, p_key);
    RETURN json_build_object('outcome', 'NOT_OPEN', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  -- The version only grows: it is the line's place, also after lines were taken out.
  INSERT INTO sale_line (tenant_id, sale_id, id, position, stock_item_id, variant_id, sku, title, tracking,
                         serial_unit_id, serial, location_id, fulfil_from, quantity, unit_price_minor, hold_id, held_until,
                         list_price_minor, list_price_version, price_reason, price_given_by)
  SELECT p_tenant, p_sale, l.id, v_row.version, l."stockItemId", l."variantId", l.sku, l.title, l.tracking,
         l."serialUnitId", l.serial, l."locationId", l."fulfilFrom", l.quantity, l."unitPriceMinor", l."holdId", l."heldUntil",
         l."listPriceMinor", l."listPriceVersion", l."priceReason", l."priceGivenBy"
    FROM jsonb_to_record(p_line) AS l(id uuid, "stockItemId" uuid, "variantId" uuid, sku text, title text,
         tracking text, "serialUnitId" uuid, serial text, "locationId" uuid, "fulfilFrom" text, quantity integer,
         "unitPriceMinor" bigint, "holdId" uuid, "heldUntil" timestamptz, "listPriceMinor" bigint,
         "listPriceVersion" integer, "priceReason" text, "priceGivenBy" text);
  IF v_row.has_discounts THEN v_row := sale_discounts_apply(p_tenant, p_sale); END IF;
  RETURN json_build_object('outcome', 'ADDED', 'sale', sale_view(v_row));
END $$;
