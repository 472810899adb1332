-- Never shortens, and what does not end by itself stays so. What has expired stays expired: it may be
-- somebody else's by now.
CREATE OR REPLACE FUNCTION hold_extend(p_tenant uuid, p_hold uuid, p_subject text, p_seconds integer)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  s record;
BEGIN
  SELECT * INTO s FROM hold_lock(p_tenant, p_hold, p_subject, false);
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  UPDATE hold x SET expires_at = greatest(x.expires_at, s.locked_at + make_interval(secs => p_seconds))
  WHERE x.tenant_id = p_tenant AND x.id = p_hold AND x.kind = 'SOFT';
  RETURN jsonb_build_object('outcome', 'DONE', 'holdId', p_hold);
END $fn$;
