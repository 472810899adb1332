-- Ends with the sale fenced and nothing of it held. Also for a sale never seen: the fence then meets
-- the claim that is still on its way.
CREATE OR REPLACE FUNCTION sale_release(p_tenant uuid, p_sale uuid) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_status text;
  v_released integer := 0;
  s record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  SELECT c.status INTO v_status FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale;
  IF v_status = 'APPLIED' THEN RETURN '{"outcome": "APPLIED"}'; END IF;
  IF v_status = 'RELEASED' THEN RETURN '{"outcome": "RELEASED", "released": 0}'; END IF;
  INSERT INTO sale_claim (tenant_id, sale_id, status) VALUES (p_tenant, p_sale, 'RELEASED')
  ON CONFLICT ON CONSTRAINT sale_claim_pkey DO UPDATE SET status = 'RELEASED', updated_at = clock_timestamp();
  SELECT * INTO s FROM sale_holds_lock(p_tenant, p_sale, NULL);
  IF s.ids IS NOT NULL THEN v_released := hold_let_go(p_tenant, s.ids, NULL, s.locked_at); END IF;
  RETURN jsonb_build_object('outcome', 'RELEASED', 'released', v_released);
END $fn$;
