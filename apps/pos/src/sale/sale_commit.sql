-- Step 3. p_claimed: [{lineId, stockItemId, serialUnitId, serial, locationId, units?}], what inventory gave to each line.
-- Outcome COMMITTED, or NOT_PENDING when another driver was first. The sale is locked before the
-- counter, so a number is drawn only by the one who will use it; both in one statement, so a crash
-- takes both back.
CREATE OR REPLACE FUNCTION sale_commit(p_tenant uuid, p_sale uuid, p_claimed jsonb, p_traceparent text)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_row sale; v_prefix text; v_number bigint;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT s.* INTO v_row FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale FOR UPDATE;
  IF v_row.status IS DISTINCT FROM 'PENDING' THEN
    RETURN json_build_object('outcome', 'NOT_PENDING', 'sale', sale_by_id(p_tenant, p_sale));
  END IF;
  -- A line of a basket mostly knows from its hold what the claim gave: then there is nothing to write. A line
  -- without a stock item has as serial the text that was asked for: now it has the unit's own.
  UPDATE sale_line l
     SET stock_item_id = coalesce(l.stock_item_id, c."stockItemId"),
         serial_unit_id = coalesce(c."serialUnitId", l.serial_unit_id),
         serial = CASE WHEN l.stock_item_id IS NULL THEN c.serial ELSE coalesce(c.serial, l.serial) END,
         location_id = coalesce(c."locationId", l.location_id)
    FROM jsonb_to_recordset(p_claimed) AS c("lineId" uuid, "stockItemId" uuid, "serialUnitId" uuid, serial text,
         "locationId" uuid)
   WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.id = c."lineId"
     AND (l.stock_item_id IS NULL OR (l.serial_unit_id, l.location_id) IS DISTINCT FROM
          (coalesce(c."serialUnitId", l.serial_unit_id), coalesce(c."locationId", l.location_id)));
  IF p_claimed @? '$[*].units' THEN
    INSERT INTO sale_line_unit (tenant_id, sale_id, line_id, position, serial_unit_id, serial)
    SELECT p_tenant, p_sale, c."lineId", u.position, u.unit, u.serial
      FROM jsonb_to_recordset(p_claimed) AS c("lineId" uuid, units jsonb)
      CROSS JOIN ROWS FROM (jsonb_to_recordset(c.units) AS ("serialUnitId" uuid, serial text))
        WITH ORDINALITY AS u(unit, serial, position);
  END IF;
  PERFORM consignment_sold(p_tenant, p_sale);
  IF EXISTS (SELECT FROM sale_line l WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale AND l.gift_card_id IS NOT NULL) THEN
    PERFORM gift_cards_fill(p_tenant, p_sale);
  END IF;
  IF v_row.has_discounts THEN PERFORM promotion_uses_end(v_row, 'COUNTED'); END IF;
  PERFORM rental_units_sold(p_tenant, p_sale);
  v_prefix := coalesce(v_row.location_code, v_row.channel);
  INSERT INTO receipt_series AS series (tenant_id, prefix, last_number) VALUES (p_tenant, v_prefix, 1)
  ON CONFLICT ON CONSTRAINT receipt_series_pkey DO UPDATE SET last_number = series.last_number + 1
  RETURNING last_number INTO v_number;
  UPDATE sale AS s
     SET status = 'COMMITTED', version = s.version + 1, committed_at = clock_timestamp(), settle_after = NULL,
         receipt_number = v_prefix || '-' || lpad(v_number::text, greatest(6, length(v_number::text)), '0')
   WHERE s.tenant_id = p_tenant AND s.id = p_sale
  RETURNING s.* INTO v_row;
  INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data, traceparent)
  VALUES (p_tenant, 'pos.sale-committed', p_sale::text, v_row.version, sale_event(v_row)::json, p_traceparent);
  RETURN json_build_object('outcome', 'COMMITTED', 'sale', sale_view(v_row));
END $$;
