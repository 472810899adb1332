-- Names the units of what a sale took without one. The count dropped when the sale was applied, and must not drop again:
-- a named unit leaves by its status alone, and the piece that nobody registered, which was taken to have left in its
-- place, is on hand still: on_hand, committed and the sum of free units and unregistered ones stay as they are, and what the unit
-- cost stays with the item. With p_registers a serial that nobody knows is registered as that very piece, and is sold at once.
CREATE OR REPLACE FUNCTION sale_unit_allocate(
  p_tenant uuid,
  p_sale uuid,
  p_line text,
  p_units jsonb,
  p_registers boolean,
  p_actor text,
  p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  f record; h hold; i stock_item;
  v_status text; v_now timestamptz; v_ids uuid[]; v_sold_at timestamptz;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  SELECT c.status INTO v_status FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale;
  SELECT * INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.reference_kind = 'SALE' AND x.reference_id = p_sale::text
    AND x.line_id = p_line AND x.status IN ('LIVE', 'SOLD') ORDER BY x.serial_unit_id NULLS FIRST LIMIT 1;
  IF h.id IS NULL THEN RETURN '{"outcome": "NO_SUCH_LINE"}'; END IF;
  IF v_status IS DISTINCT FROM 'APPLIED' OR h.status <> 'SOLD' THEN RETURN '{"outcome": "NOT_SOLD"}'; END IF;
  SELECT l.locked_at INTO v_now FROM level_lock(p_tenant, ARRAY[h.stock_item_id], ARRAY[h.location_id]) l;
  -- Behind the lock: a conversion that it waited for has changed how the item is counted.
  SELECT * INTO i FROM stock_item x WHERE x.tenant_id = p_tenant AND x.id = h.stock_item_id;
  SELECT * INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.id = h.id;
  IF i.tracking <> 'SERIAL' THEN RETURN jsonb_build_object('outcome', 'NOT_SERIAL', 'sku', i.sku); END IF;
  IF h.serial_unit_id IS NOT NULL THEN RETURN '{"outcome": "HAS_UNIT"}'; END IF;
  IF jsonb_array_length(p_units) > h.quantity THEN RETURN jsonb_build_object('outcome', 'TOO_MANY', 'quantity', h.quantity); END IF;
  SELECT m.occurred_at INTO STRICT v_sold_at FROM movement m WHERE m.tenant_id = p_tenant AND m.reason = 'SALE' AND m.reference_kind = 'SALE'
    AND m.reference_id = p_sale::text AND m.line_id = p_line AND m.stock_item_id = i.id LIMIT 1;
  IF p_registers THEN
    WITH made AS (
      INSERT INTO serial_unit (tenant_id, stock_item_id, location_id, serial, received_at)
      SELECT DISTINCT p_tenant, i.id, h.location_id, q.serial, v_sold_at
      FROM (SELECT r.serial, identifier_key(r.serial) AS key FROM jsonb_to_recordset(p_units) AS r (serial text) OFFSET 0) q
      WHERE q.serial IS NOT NULL AND NOT EXISTS (SELECT FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_number_key = q.key)
      -- One that is there, or only looks like one that is, is no new piece.
      ON CONFLICT DO NOTHING RETURNING id)
    INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, to_status, location_id, reference_kind, reference_id, actor)
    SELECT p_tenant, m.id, 'REGISTERED', 'AVAILABLE', h.location_id, 'SALE', p_sale::text, p_actor FROM made m;
  END IF;
  SELECT * INTO f FROM unit_find_free(p_tenant, i.id, h.location_id, p_units, NULL);
  IF f.refused IS NOT NULL THEN RETURN f.refused || jsonb_build_object('sku', i.sku, 'title', i.title); END IF;

  v_ids := hold_name_units(p_tenant, h, f.ids, v_now);
  UPDATE serial_unit u SET status = 'SOLD', sale_id = p_sale, sold_at = v_sold_at, version = u.version + 1
  WHERE u.tenant_id = p_tenant AND u.id = ANY (f.ids);
  -- No movement records it, so its history does.
  INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, from_status, to_status, location_id, reason, reference_kind, reference_id, actor)
  SELECT p_tenant, x.id, 'STATUS', 'AVAILABLE', 'SOLD', h.location_id, 'SALE', 'SALE', p_sale::text, p_actor FROM unnest(f.ids) AS x (id);
  PERFORM unit_publish(p_tenant, f.ids, p_traceparent);
  -- Last, because what goods cost is locked last. A piece registered here brings none: its share left with the sale.
  PERFORM cost_from_units(p_tenant, i.id, f.ids);
  RETURN jsonb_build_object('outcome', 'DONE', 'holdIds', v_ids);
END $fn$;
