-- Lines that a sale begins with or that are added together, as in sale_view. The sale's version has grown by one for
-- each of them already: those are their places, so that a line which is added later comes after them. A line without a
-- location is of the sale's, if that has one.
CREATE OR REPLACE FUNCTION sale_lines_insert(p_tenant uuid, p_sale uuid, p_location uuid, p_lines jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_before integer;
BEGIN
  SELECT s.version - jsonb_array_length(p_lines) INTO STRICT v_before FROM sale s WHERE s.tenant_id = p_tenant AND s.id = p_sale;
  INSERT INTO sale_line (tenant_id, sale_id, id, position, stock_item_id, variant_id, sku, title, tracking,
                         serial_unit_id, serial, location_id, fulfil_from, quantity, unit_price_minor, hold_id, held_until,
                         list_price_minor, list_price_version, price_reason, price_given_by)
  SELECT p_tenant, p_sale, l.id, v_before + l.position, l.item, l.variant, l.sku, l.title, l.tracking, l.unit, l.serial,
         coalesce(l.location, p_location), l.fulfil_from, l.quantity, l.price, l.hold, l.until,
         l.list_price, l.list_version, l.reason, l.given_by
    FROM ROWS FROM (jsonb_to_recordset(p_lines) AS (id uuid, "stockItemId" uuid, "variantId" uuid, sku text,
           title text, tracking text, "serialUnitId" uuid, serial text, "locationId" uuid, "fulfilFrom" text, quantity integer,
           "unitPriceMinor" bigint, "holdId" uuid, "heldUntil" timestamptz, "listPriceMinor" bigint, "listPriceVersion" integer,
           "priceReason" text, "priceGivenBy" text))
         WITH ORDINALITY AS l(id, item, variant, sku, title, tracking, unit, serial, location, fulfil_from, quantity, price,
                              hold, until, list_price, list_version, reason, given_by, position);
END $$;
