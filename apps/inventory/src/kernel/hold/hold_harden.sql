-- A soft hold becomes one that time does not end.
CREATE OR REPLACE FUNCTION hold_harden(p_tenant uuid, p_hold uuid) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  s record;
BEGIN
  SELECT * INTO s FROM hold_lock(p_tenant, p_hold, NULL, false);
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  UPDATE hold x SET kind = 'HARD', expires_at = NULL WHERE x.tenant_id = p_tenant AND x.id = p_hold AND x.kind = 'SOFT';
  RETURN jsonb_build_object('outcome', 'DONE', 'holdId', p_hold);
END $fn$;
