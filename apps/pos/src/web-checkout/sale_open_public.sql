-- sale_open for a public shop's token: the basket has a secret, of which the hash is kept. Answers as sale_open.
CREATE OR REPLACE FUNCTION sale_open_public(p_tenant uuid, p_key text, p_hash text, p_sale jsonb, p_secret_hash bytea)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_answer json;
BEGIN
  v_answer := sale_open(p_tenant, p_key, p_hash, p_sale);
  IF v_answer ->> 'outcome' = 'OPENED' THEN
    UPDATE sale SET secret_hash = p_secret_hash WHERE tenant_id = p_tenant AND id = (p_sale ->> 'id')::uuid;
  END IF;
  RETURN v_answer;
END $$;
