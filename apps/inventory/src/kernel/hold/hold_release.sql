-- p_subject null: any holder's. p_quantity null: all of it. A part that is let go becomes a row of its own, so
-- that the past stays known. A key that released anything else before is KEY_REUSED.
CREATE OR REPLACE FUNCTION hold_release(p_tenant uuid, p_hold uuid, p_key text, p_subject text, p_quantity integer)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  s record; h hold; k hold;
  v_part uuid := uuidv7();
  v_kept jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  -- A refusal of before is the answer (ADR 0171), if it was of this.
  SELECT jsonb_build_object('outcome', 'KEPT', 'operation', c.operation, 'inputHash', c.input_hash, 'refusal', c.response -> 'refusal')
  INTO v_kept FROM idempotency_record c WHERE c.tenant_id = p_tenant AND c.key = p_key;
  IF v_kept IS NOT NULL THEN RETURN v_kept; END IF;
  SELECT * INTO s FROM hold_lock(p_tenant, p_hold, p_subject, false);
  IF s.refused ->> 'outcome' = 'NO_SUCH_HOLD' THEN RETURN s.refused; END IF;
  SELECT * INTO k FROM hold x WHERE x.tenant_id = p_tenant AND x.release_key = p_key;
  IF k.id IS NOT NULL THEN
    IF p_hold IN (k.id, k.split_from) AND coalesce(p_quantity = k.quantity, p_hold = k.id) THEN
      RETURN jsonb_build_object('outcome', 'RELEASED', 'holdId', p_hold, 'releasedId', k.id);
    END IF;
    RETURN '{"outcome": "KEY_REUSED"}';
  END IF;
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  h := s.held;
  IF p_quantity > h.quantity THEN RETURN jsonb_build_object('outcome', 'TOO_MANY', 'quantity', h.quantity); END IF;
  IF coalesce(p_quantity, h.quantity) = h.quantity THEN
    PERFORM hold_let_go(p_tenant, ARRAY[h.id], p_key, s.locked_at);
    RETURN jsonb_build_object('outcome', 'RELEASED', 'holdId', p_hold, 'releasedId', p_hold);
  END IF;
  INSERT INTO hold (tenant_id, id, kind, status, stock_item_id, location_id, quantity, expires_at, purpose, channel, subject,
    reference_kind, reference_id, line_id, part, release_key, created_at, settled_at, split_from)
  VALUES (p_tenant, v_part, h.kind, 'RELEASED', h.stock_item_id, h.location_id, p_quantity, h.expires_at, h.purpose, h.channel, h.subject,
    h.reference_kind, h.reference_id, h.line_id, h.part, p_key, h.created_at, s.locked_at, h.id);
  UPDATE hold x SET quantity = x.quantity - p_quantity WHERE x.tenant_id = p_tenant AND x.id = h.id;
  PERFORM level_change(p_tenant, h.stock_item_id, h.location_id, 0, -p_quantity, s.locked_at);
  RETURN jsonb_build_object('outcome', 'RELEASED', 'holdId', p_hold, 'releasedId', v_part);
END $fn$;
