-- Bookings of units that a sale sells become conflicts in the transaction of its commit: from that moment somebody can be told.
-- Who lets nothing pays one probe of an index.
CREATE OR REPLACE FUNCTION rental_units_sold(p_tenant uuid, p_sale uuid)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rental r WHERE r.tenant_id = p_tenant AND r.status = 'BOOKED') THEN RETURN; END IF;
  UPDATE rental r SET status = 'CONFLICT', version = r.version + 1, conflict_sale_id = p_sale
   WHERE r.tenant_id = p_tenant AND r.status = 'BOOKED' AND r.serial_unit_id IN (
     SELECT l.serial_unit_id FROM sale_line l WHERE l.tenant_id = p_tenant AND l.sale_id = p_sale
     UNION ALL SELECT u.serial_unit_id FROM sale_line_unit u WHERE u.tenant_id = p_tenant AND u.sale_id = p_sale);
END $$;
