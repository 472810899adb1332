-- Extends what is still live. What has expired stays expired: it may be somebody else's by now, and
-- the claim at checkout asks again.
CREATE OR REPLACE FUNCTION sale_holds_renew(p_tenant uuid, p_sale uuid, p_seconds integer)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  s record;
  v_until timestamptz;
  v_lines jsonb := '[]';
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT * INTO s FROM sale_holds_lock(p_tenant, p_sale, NULL);
  v_until := s.locked_at + make_interval(secs => p_seconds);
  IF s.ids IS NOT NULL THEN
    WITH renewed AS (
      -- Never shortens: a slow renewal must not undo a later one.
      UPDATE hold h SET expires_at = greatest(h.expires_at, v_until)
      WHERE h.tenant_id = p_tenant AND h.id = ANY (s.ids) AND h.kind = 'SOFT'
      RETURNING h.id, h.line_id, h.expires_at)
    SELECT coalesce(jsonb_agg(jsonb_build_object('holdId', id, 'lineId', line_id, 'expiresAt', expires_at) ORDER BY line_id), '[]')
    INTO v_lines FROM renewed;
  END IF;
  RETURN jsonb_build_object('outcome', 'RENEWED', 'holds', v_lines);
END $fn$;
