-- sale_intent of a sale that is taxed or rounded: p_tax, as for sale_tax_fix, is written by the statement that stores the
-- tenders. Only a tenant with rules or settings comes this way.
CREATE OR REPLACE FUNCTION sale_intent_taxed(
  p_tenant uuid,
  p_key text,
  p_hash text,
  p_sale uuid,
  p_version integer,
  p_tenders jsonb,
  p_change bigint,
  p_settle_seconds double precision,
  p_customer uuid,
  p_tax jsonb
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_outcome text;
BEGIN
  v_outcome := sale_intent(p_tenant, p_key, p_hash, p_sale, p_version, p_tenders, p_change, p_settle_seconds, p_customer);
  IF v_outcome = 'PENDING' THEN PERFORM sale_tax_fix(p_tenant, p_sale, p_tax); END IF;
  RETURN v_outcome;
END $$;
