-- p_units: by hand. Else p_quantity units by p_rule (null: the tenant's) at the hold's location.
CREATE OR REPLACE FUNCTION hold_allocate(p_tenant uuid, p_hold uuid, p_units jsonb, p_quantity integer, p_rule text)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  s record; f record; h hold; i stock_item;
  v_count integer; v_ids uuid[];
BEGIN
  SELECT * INTO s FROM hold_lock(p_tenant, p_hold, NULL, true);
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  h := s.held;
  SELECT * INTO i FROM stock_item x WHERE x.tenant_id = p_tenant AND x.id = h.stock_item_id;
  IF i.tracking <> 'SERIAL' THEN RETURN jsonb_build_object('outcome', 'NOT_SERIAL', 'sku', i.sku); END IF;
  IF h.serial_unit_id IS NOT NULL THEN RETURN '{"outcome": "HAS_UNIT"}'; END IF;
  v_count := coalesce(jsonb_array_length(p_units), p_quantity, h.quantity);
  IF v_count > h.quantity THEN RETURN jsonb_build_object('outcome', 'TOO_MANY', 'quantity', h.quantity); END IF;
  IF p_units IS NOT NULL THEN
    SELECT * INTO f FROM unit_find_free(p_tenant, i.id, h.location_id, p_units, NULL);
    IF f.refused IS NOT NULL THEN RETURN f.refused || jsonb_build_object('sku', i.sku, 'title', i.title); END IF;
    v_ids := f.ids;
  ELSE
    v_ids := unit_allocate(p_tenant, i.id, h.location_id, v_count, '{}', '{}', p_rule);
    IF cardinality(v_ids) < v_count THEN
      RETURN jsonb_build_object('outcome', 'INSUFFICIENT', 'requested', v_count, 'available', cardinality(v_ids), 'sku', i.sku, 'title', i.title,
        'locationCode', (SELECT c.code FROM location c WHERE c.tenant_id = p_tenant AND c.id = h.location_id));
    END IF;
  END IF;
  v_ids := hold_name_units(p_tenant, h, v_ids, s.locked_at);
  IF h.reference_kind = 'SALE' THEN PERFORM sale_claim_answer_refresh(p_tenant, h.reference_id::uuid, h.line_id); END IF;
  RETURN jsonb_build_object('outcome', 'DONE', 'holdIds', v_ids);
END $fn$;
