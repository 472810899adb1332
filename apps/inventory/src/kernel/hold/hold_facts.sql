-- A hold as the service reads it.
CREATE OR REPLACE FUNCTION hold_facts(h hold) RETURNS jsonb LANGUAGE sql STABLE AS $fn$
  SELECT jsonb_build_object('outcome', 'PLACED', 'holdId', h.id, 'status', h.status, 'kind', h.kind, 'quantity', h.quantity,
    'locationId', h.location_id, 'locationCode', (SELECT c.code FROM location c WHERE c.tenant_id = h.tenant_id AND c.id = h.location_id),
    'serialUnitId', h.serial_unit_id,
    'serial', (SELECT u.serial FROM serial_unit u WHERE u.tenant_id = h.tenant_id AND u.id = h.serial_unit_id),
    'stockNumber', (SELECT u.stock_number FROM serial_unit u WHERE u.tenant_id = h.tenant_id AND u.id = h.serial_unit_id),
    'expiresAt', h.expires_at, 'createdAt', h.created_at, 'inputHash', h.input_hash)
$fn$;
