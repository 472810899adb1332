-- Another free unit in place of the hold's. The old unit's time under this hold becomes a row of its own, and
-- the hold starts anew with its new unit: at every instant of the past each unit is right, and so is the sum.
CREATE OR REPLACE FUNCTION hold_reallocate(p_tenant uuid, p_hold uuid, p_unit jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  s record; f record; h hold; i stock_item;
BEGIN
  SELECT * INTO s FROM hold_lock(p_tenant, p_hold, NULL, true);
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  h := s.held;
  SELECT * INTO i FROM stock_item x WHERE x.tenant_id = p_tenant AND x.id = h.stock_item_id;
  IF h.serial_unit_id IS NULL THEN RETURN '{"outcome": "HAS_NO_UNIT"}'; END IF;
  SELECT * INTO f FROM unit_find_free(p_tenant, i.id, h.location_id, jsonb_build_array(p_unit), h.serial_unit_id);
  IF f.refused IS NOT NULL THEN RETURN f.refused || jsonb_build_object('sku', i.sku, 'title', i.title); END IF;
  IF f.ids[1] <> h.serial_unit_id THEN
    INSERT INTO hold (tenant_id, kind, status, stock_item_id, location_id, quantity, serial_unit_id, expires_at, purpose, channel,
      subject, reference_kind, reference_id, line_id, part, created_at, settled_at, split_from, allocated_at)
    VALUES (p_tenant, h.kind, 'RELEASED', h.stock_item_id, h.location_id, 1, h.serial_unit_id, h.expires_at, h.purpose, h.channel,
      h.subject, h.reference_kind, h.reference_id, h.line_id, h.part, h.created_at, s.locked_at, h.id, h.allocated_at);
    UPDATE hold x SET serial_unit_id = f.ids[1], allocated_at = s.locked_at, created_at = s.locked_at
    WHERE x.tenant_id = p_tenant AND x.id = h.id;
    PERFORM unit_let_go(p_tenant, ARRAY[h.serial_unit_id]);
    WITH taken AS (
      UPDATE serial_unit u SET status = 'HELD', version = u.version + 1
      WHERE u.tenant_id = p_tenant AND u.id = ANY (f.ids) RETURNING u.id)
    INSERT INTO unit_dirty SELECT p_tenant, id FROM taken ON CONFLICT DO NOTHING;
    IF h.reference_kind = 'SALE' THEN PERFORM sale_claim_answer_refresh(p_tenant, h.reference_id::uuid, h.line_id); END IF;
  END IF;
  RETURN jsonb_build_object('outcome', 'DONE', 'holdIds', ARRAY[h.id]);
END $fn$;
