-- The claim of a sale that a register made under its lease while it was offline: what the lease has becomes the sale's, and
-- then the sale claims as any other, in one transaction. A claim that is refused takes nothing: the lease has its stock
-- as before.
CREATE OR REPLACE FUNCTION sale_claim_leased(p_tenant uuid, p_sale uuid, p_lines jsonb, p_subject text, p_channel text, p_lease uuid)
RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_answer jsonb; v_lines jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  v_lines := sale_lines_resolve(p_tenant, p_lines);
  BEGIN
    -- A sale that was claimed or released before is answered as it was, and takes nothing more.
    IF NOT EXISTS (SELECT FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale) THEN
      PERFORM lease_take(p_tenant, p_lease, p_sale, v_lines, p_subject, p_channel);
    END IF;
    v_answer := sale_claim(p_tenant, p_sale, v_lines, p_subject, p_channel);
    IF v_answer ->> 'outcome' <> 'CLAIMED' THEN RAISE SQLSTATE 'OC001'; END IF;
  EXCEPTION WHEN SQLSTATE 'OC001' THEN
    -- A variable keeps its value through the rollback.
  END;
  RETURN v_answer;
END $fn$;
