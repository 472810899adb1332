-- What a card or credit is good for now (type StoredValueStatus in stored-value.ts).
CREATE OR REPLACE FUNCTION stored_value_status(v stored_value)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN CASE WHEN v.active_at IS NULL THEN 'NOT_SOLD' WHEN v.blocked_at IS NOT NULL THEN 'BLOCKED'
              WHEN v.expires_at <= clock_timestamp() THEN 'EXPIRED' ELSE 'ACTIVE' END;
END $$;
