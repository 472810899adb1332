-- sale_record of a sale with tax in its price: p_sale has it as `tax`, as for sale_tax_fix.
CREATE OR REPLACE FUNCTION sale_record_taxed(p_tenant uuid, p_key text, p_hash text, p_sale jsonb, p_settle_seconds double precision)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_answer json;
BEGIN
  v_answer := sale_record(p_tenant, p_key, p_hash, p_sale, p_settle_seconds);
  IF v_answer ->> 'outcome' = 'PENDING' THEN
    PERFORM sale_tax_fix(p_tenant, (p_sale ->> 'id')::uuid, p_sale -> 'tax');
  END IF;
  RETURN v_answer;
END $$;
