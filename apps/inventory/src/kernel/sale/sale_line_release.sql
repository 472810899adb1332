-- Lets a basket's line go.
CREATE OR REPLACE FUNCTION sale_line_release(p_tenant uuid, p_sale uuid, p_line text)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_status text;
  s record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  SELECT c.status INTO v_status FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale;
  -- The lines of a claimed sale are fixed; of a released one nothing is left to release.
  IF v_status IN ('CLAIMED', 'APPLIED') THEN RETURN jsonb_build_object('outcome', 'SALE_CLOSED', 'status', v_status); END IF;
  SELECT * INTO s FROM sale_holds_lock(p_tenant, p_sale, p_line);
  RETURN jsonb_build_object('outcome', 'RELEASED',
    'released', CASE WHEN s.ids IS NULL THEN 0 ELSE hold_let_go(p_tenant, s.ids, NULL, s.locked_at) END);
END $fn$;
