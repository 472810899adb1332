-- Makes the hold of a basket's line as large as the line: before the line is written at least as large, afterwards at most
-- (ADR 0200). p_resize: a request as for hold_place with its sku; version, that of the sale in which the line has this
-- quantity; isWritten. OUTDATED: the hold was resized for a newer version, or there is none to make smaller. One that has
-- ended is placed anew. Units that were chosen stay as far as the quantity reaches.
CREATE OR REPLACE FUNCTION sale_hold_resize(p_tenant uuid, p_resize jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  t record; s record; l record; h hold;
  v_version integer; v_held integer; v_named integer; v_target integer; v_rest integer; v_part integer; v_answer jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT * INTO t FROM jsonb_to_record(p_resize) AS q (sku text, quantity integer, "holdSeconds" integer, "referenceId" text, "lineId" text,
    version integer, "isWritten" boolean);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, t."referenceId"));
  IF EXISTS (SELECT FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = t."referenceId"::uuid) THEN
    RETURN '{"outcome": "SALE_CLOSED"}';
  END IF;
  SELECT * INTO s FROM sale_holds_lock(p_tenant, t."referenceId"::uuid, t."lineId");
  SELECT max(x.line_version) INTO v_version FROM hold x WHERE x.tenant_id = p_tenant AND x.reference_kind = 'SALE'
    AND x.reference_id = t."referenceId" AND x.line_id = t."lineId";
  IF v_version > t.version OR (s.ids IS NULL AND t."isWritten") THEN RETURN '{"outcome": "OUTDATED"}'; END IF;
  IF s.ids IS NULL THEN
    v_answer := hold_place(p_tenant, t.sku, jsonb_build_array(p_resize));
    v_answer := jsonb_build_object('item', v_answer -> 'item') || coalesce(v_answer -> 'answers' -> 0, '{"outcome": "NO_SUCH_ITEM"}');
    UPDATE hold x SET line_version = t.version WHERE x.tenant_id = p_tenant AND x.id = (v_answer ->> 'holdId')::uuid;
    RETURN v_answer;
  END IF;

  SELECT sum(x.quantity), count(x.serial_unit_id), max(x.part) INTO v_held, v_named, v_part
  FROM hold x WHERE x.tenant_id = p_tenant AND x.id = ANY (s.ids);
  SELECT x.* INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.id = ANY (s.ids)
  ORDER BY x.serial_unit_id IS NOT NULL, x.part LIMIT 1;
  v_target := CASE WHEN t."isWritten" THEN least(v_held, t.quantity) ELSE greatest(v_held, t.quantity) END;
  v_rest := greatest(v_target - v_named, 0);
  SELECT x.on_hand - x.committed AS free, x.backorder_limit, c.code INTO l
  FROM level x JOIN location c ON c.tenant_id = p_tenant AND c.id = x.location_id
  WHERE x.tenant_id = p_tenant AND x.stock_item_id = h.stock_item_id AND x.location_id = h.location_id;
  IF v_target > v_held AND l.free + l.backorder_limit < v_target - v_held THEN
    RETURN sale_hold_answer(h) || jsonb_build_object('outcome', 'INSUFFICIENT', 'available', v_held + l.free, 'locationCode', l.code,
      'availableInAll', v_held + level_available_in_all(p_tenant, h.stock_item_id));
  END IF;

  IF v_target < v_named OR (v_rest = 0 AND h.serial_unit_id IS NULL) THEN
    PERFORM hold_let_go(p_tenant, ARRAY(SELECT x.id FROM hold x WHERE x.tenant_id = p_tenant AND x.id = ANY (s.ids)
      ORDER BY x.serial_unit_id IS NULL, x.part OFFSET v_target), NULL, s.locked_at);
  ELSIF v_rest > 0 AND h.serial_unit_id IS NOT NULL THEN
    INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, expires_at, purpose, channel, subject, reference_kind,
      reference_id, line_id, part, created_at)
    VALUES (p_tenant, h.kind, h.stock_item_id, h.location_id, v_rest, h.expires_at, h.purpose, h.channel, h.subject, h.reference_kind,
      h.reference_id, h.line_id, v_part + 1, s.locked_at);
    PERFORM level_change(p_tenant, h.stock_item_id, h.location_id, 0, v_rest, s.locked_at);
  ELSIF v_rest <> h.quantity AND h.serial_unit_id IS NULL THEN
    -- The past stays known: what the hold was until now is a row of its own, which has ended.
    INSERT INTO hold (tenant_id, kind, status, stock_item_id, location_id, quantity, expires_at, purpose, channel, subject,
      reference_kind, reference_id, line_id, part, created_at, settled_at, split_from)
    VALUES (p_tenant, h.kind, 'RELEASED', h.stock_item_id, h.location_id, h.quantity, h.expires_at, h.purpose, h.channel, h.subject,
      h.reference_kind, h.reference_id, h.line_id, h.part, h.created_at, s.locked_at, h.id);
    UPDATE hold x SET quantity = v_rest, created_at = s.locked_at WHERE x.tenant_id = p_tenant AND x.id = h.id;
    PERFORM level_change(p_tenant, h.stock_item_id, h.location_id, 0, v_rest - h.quantity, s.locked_at);
  END IF;
  UPDATE hold x SET line_version = t.version,
    expires_at = CASE WHEN x.kind = 'SOFT' THEN greatest(x.expires_at, s.locked_at + make_interval(secs => t."holdSeconds")) END
  WHERE x.tenant_id = p_tenant AND x.reference_kind = 'SALE' AND x.reference_id = t."referenceId" AND x.line_id = t."lineId" AND x.status = 'LIVE';
  SELECT x.* INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.reference_kind = 'SALE' AND x.reference_id = t."referenceId"
    AND x.line_id = t."lineId" AND x.status = 'LIVE' ORDER BY x.part LIMIT 1;
  RETURN sale_hold_answer(h) || jsonb_build_object('quantity', v_target);
END $fn$;
