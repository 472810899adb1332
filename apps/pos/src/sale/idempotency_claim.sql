-- Null when the key is now the caller's, else what was asked and answered under it before. A
-- concurrent twin waits in the INSERT until the first one ends; READ COMMITTED gives the SELECT a
-- newer snapshot, so it sees the row that made the INSERT do nothing.
CREATE OR REPLACE FUNCTION idempotency_claim(p_tenant uuid, p_key text, p_operation text, p_hash text, p_response jsonb)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_record json;
BEGIN
  INSERT INTO idempotency_record (tenant_id, key, operation, input_hash, response)
  VALUES (p_tenant, p_key, p_operation, p_hash, p_response)
  ON CONFLICT ON CONSTRAINT idempotency_record_pkey DO NOTHING;
  IF FOUND THEN RETURN NULL; END IF;
  SELECT json_build_object('operation', operation, 'inputHash', input_hash, 'response', response)
    INTO STRICT v_record
    FROM idempotency_record WHERE tenant_id = p_tenant AND key = p_key;
  RETURN v_record;
END $$;
