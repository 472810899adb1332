-- A refusal keeps nothing: the key is free again, in the transaction that had claimed it.
CREATE OR REPLACE FUNCTION idempotency_unclaim(p_tenant uuid, p_key text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM idempotency_record WHERE tenant_id = p_tenant AND key = p_key;
END $$;
