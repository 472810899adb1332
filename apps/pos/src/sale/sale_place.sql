-- Where a sale begins: the register's location, or the one that was asked for by id, by code, or both.
-- OUT outcome FREE, REGISTER_UNKNOWN, REGISTER_CLOSED, LOCATION_UNKNOWN, CUSTOMER_UNKNOWN or CUSTOMER_ERASED. p_locks: the
-- sale is paid with this statement, so whoever closes the shift waits for it and then counts it as pending.
CREATE OR REPLACE FUNCTION sale_place(
  p_tenant uuid,
  p_sale jsonb,
  p_locks boolean,
  OUT outcome text,
  OUT location uuid,
  OUT code text,
  OUT shift uuid
) LANGUAGE plpgsql AS $$
DECLARE
  v_register uuid := (p_sale ->> 'registerId')::uuid;
BEGIN
  outcome := 'FREE';
  location := (p_sale ->> 'locationId')::uuid;
  code := p_sale ->> 'locationCode';
  IF v_register IS NOT NULL THEN
    SELECT r.location_id, r.location_code INTO location, code
      FROM register r WHERE r.tenant_id = p_tenant AND r.id = v_register;
    IF NOT FOUND THEN outcome := 'REGISTER_UNKNOWN'; RETURN; END IF;
    IF p_locks THEN
      SELECT h.id INTO shift FROM shift h
       WHERE h.tenant_id = p_tenant AND h.register_id = v_register AND h.closed_at IS NULL FOR SHARE;
    ELSE
      SELECT h.id INTO shift FROM shift h
       WHERE h.tenant_id = p_tenant AND h.register_id = v_register AND h.closed_at IS NULL;
    END IF;
    IF NOT FOUND THEN outcome := 'REGISTER_CLOSED'; END IF;
  ELSIF location IS NOT NULL OR code IS NOT NULL THEN
    SELECT k.id, k.code INTO location, code FROM known_location k
     WHERE k.tenant_id = p_tenant AND (location IS NULL OR k.id = location)
       AND (sale_place.code IS NULL OR k.code = sale_place.code);
    IF NOT FOUND THEN outcome := 'LOCATION_UNKNOWN'; END IF;
  END IF;
  IF outcome = 'FREE' AND p_sale ->> 'customerId' IS NOT NULL THEN
    outcome := customer_refused(p_tenant, (p_sale ->> 'customerId')::uuid, 'FREE');
  END IF;
END $$;
