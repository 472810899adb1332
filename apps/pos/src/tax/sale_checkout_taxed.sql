-- sale_checkout of a sale that is taxed: the buyer owes what was shown when it was checked out. p_tax as for sale_tax_fix.
CREATE OR REPLACE FUNCTION sale_checkout_taxed(
  p_tenant uuid,
  p_key text,
  p_hash text,
  p_sale uuid,
  p_version integer,
  p_payment_seconds double precision,
  p_settle_seconds double precision,
  p_tax jsonb
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE v_answer json;
BEGIN
  v_answer := sale_checkout(p_tenant, p_key, p_hash, p_sale, p_version, p_payment_seconds, p_settle_seconds);
  IF v_answer ->> 'outcome' <> 'PENDING' THEN RETURN v_answer; END IF;
  PERFORM sale_tax_fix(p_tenant, p_sale, p_tax);
  RETURN json_build_object('outcome', 'PENDING', 'sale', sale_by_id(p_tenant, p_sale));
END $$;
