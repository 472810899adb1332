-- Lets go of what a lease still holds; answers how many holds.
CREATE OR REPLACE FUNCTION lease_release(p_tenant uuid, p_lease uuid)
RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_items uuid[]; v_places uuid[]; v_now timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT array_agg(s.stock_item_id), array_agg(s.location_id) INTO v_items, v_places FROM (
    SELECT DISTINCT h.stock_item_id, h.location_id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_kind = 'LEASE' AND h.reference_id = p_lease::text AND h.status = 'LIVE') s;
  IF v_items IS NULL THEN RETURN 0; END IF;
  SELECT l.locked_at INTO v_now FROM level_lock(p_tenant, v_items, v_places) l;
  -- Again under the locks: what expired, or a sale took, is not the lease's any more.
  RETURN hold_let_go(p_tenant, ARRAY(SELECT h.id FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'LEASE'
    AND h.reference_id = p_lease::text AND h.status = 'LIVE'), NULL, v_now);
END $fn$;
