import { migration } from '@onecount/db';

/** Letting go: of one hold, of a sale's line; and keeping a basket's holds alive. */
export const CreateHoldRelease1795200000006 = migration(
  'CreateHoldRelease1795200000006',
  `
-- Releases live holds whose levels the caller has locked; answers how many.
CREATE FUNCTION hold_let_go(p_tenant uuid, p_ids uuid[], p_release_key text, p_now timestamptz) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_count integer := 0; v_units uuid[];
  r record;
BEGIN
  FOR r IN
    WITH released AS (
      UPDATE hold h SET status = 'RELEASED', settled_at = p_now, release_key = p_release_key
      WHERE h.tenant_id = p_tenant AND h.id = ANY (p_ids) AND h.status = 'LIVE'
      RETURNING h.stock_item_id, h.location_id, h.quantity, h.serial_unit_id
    )
    SELECT stock_item_id, location_id, sum(quantity)::integer AS quantity, count(*)::integer AS count,
           array_agg(serial_unit_id) FILTER (WHERE serial_unit_id IS NOT NULL) AS units
    FROM released GROUP BY 1, 2 ORDER BY 1, 2
  LOOP
    PERFORM level_change(p_tenant, r.stock_item_id, r.location_id, 0, -r.quantity, p_now);
    v_count := v_count + r.count;
    v_units := v_units || r.units;
  END LOOP;
  IF v_units IS NOT NULL THEN PERFORM unit_let_go(p_tenant, v_units); END IF;
  RETURN v_count;
END $fn$;

-- p_subject null: any holder's. A key that released another hold before is KEY_REUSED.
CREATE FUNCTION hold_release(p_tenant uuid, p_hold uuid, p_key text, p_subject text) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  h hold;
  v_now timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT * INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.id = p_hold;
  IF NOT FOUND OR (p_subject IS NOT NULL AND h.subject <> p_subject) THEN RETURN '{"outcome": "NO_SUCH_HOLD"}'; END IF;
  SELECT locked_at INTO v_now FROM level_lock(p_tenant, ARRAY[h.stock_item_id], ARRAY[h.location_id]);
  IF EXISTS (SELECT FROM hold x WHERE x.tenant_id = p_tenant AND x.release_key = p_key AND x.id <> p_hold) THEN
    RETURN '{"outcome": "KEY_REUSED"}';
  END IF;
  SELECT * INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.id = p_hold;
  IF h.reference_kind = 'SALE' THEN RETURN hold_facts(h) || '{"outcome": "OF_A_SALE"}' || jsonb_build_object('referenceId', h.reference_id); END IF;
  IF h.status = 'LIVE' THEN
    PERFORM hold_let_go(p_tenant, ARRAY[h.id], p_key, v_now);
  ELSIF h.status <> 'RELEASED' OR h.release_key IS DISTINCT FROM p_key THEN
    RETURN hold_facts(h) || '{"outcome": "NOT_LIVE"}';
  END IF;
  RETURN jsonb_build_object('outcome', 'RELEASED', 'holdId', p_hold);
END $fn$;

-- The live holds of a sale, with their levels locked; p_line null stands for all lines.
CREATE FUNCTION sale_holds_lock(p_tenant uuid, p_sale uuid, p_line text, OUT ids uuid[], OUT locked_at timestamptz)
LANGUAGE plpgsql AS $fn$
DECLARE
  v_items uuid[]; v_places uuid[];
BEGIN
  SELECT array_agg(s.stock_item_id), array_agg(s.location_id) INTO v_items, v_places FROM (
    SELECT DISTINCT h.stock_item_id, h.location_id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text
      AND (p_line IS NULL OR h.line_id = p_line) AND h.status = 'LIVE') s;
  locked_at := clock_timestamp();
  IF v_items IS NULL THEN RETURN; END IF;
  SELECT x.locked_at INTO sale_holds_lock.locked_at FROM level_lock(p_tenant, v_items, v_places) x;
  -- Again under the locks: what expired meanwhile has been settled.
  SELECT array_agg(h.id ORDER BY h.id) INTO ids FROM hold h
  WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text
    AND (p_line IS NULL OR h.line_id = p_line) AND h.status = 'LIVE';
END $fn$;

CREATE FUNCTION sale_line_release(p_tenant uuid, p_sale uuid, p_line text) RETURNS jsonb LANGUAGE plpgsql AS $fn$
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

-- Extends what is still live. What has expired stays expired: it may be somebody else's by now, and
-- the claim at checkout asks again.
CREATE FUNCTION sale_holds_renew(p_tenant uuid, p_sale uuid, p_seconds integer) RETURNS jsonb LANGUAGE plpgsql AS $fn$
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
`,
);
