-- Whoever changes what is owed locks so: the pieces, then the accounts that the entries will be in, each in the order of their
-- ids. An account is made before it is locked.
CREATE OR REPLACE FUNCTION consignment_lock(p_tenant uuid, p_pieces uuid[], p_currency text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM consignment_piece p WHERE p.tenant_id = p_tenant AND p.id = ANY (p_pieces) ORDER BY p.id FOR UPDATE;
  INSERT INTO consignment_account (tenant_id, agreement_id, currency_code)
  SELECT DISTINCT p_tenant, a.id, CASE WHEN coalesce(p.owed_minor, a.owed_minor) IS NULL THEN p_currency ELSE a.currency_code END
    FROM consignment_piece p
    JOIN consignment_agreement a ON a.tenant_id = p.tenant_id AND a.id = p.agreement_id
   WHERE p.tenant_id = p_tenant AND p.id = ANY (p_pieces)
   ORDER BY 2, 3
  ON CONFLICT ON CONSTRAINT consignment_account_pkey DO NOTHING;
  PERFORM FROM consignment_account c
    WHERE c.tenant_id = p_tenant AND c.agreement_id IN (
      SELECT p.agreement_id FROM consignment_piece p WHERE p.tenant_id = p_tenant AND p.id = ANY (p_pieces))
    ORDER BY c.agreement_id, c.currency_code FOR UPDATE;
END $$;
