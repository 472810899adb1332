-- Applies one sale as sales_apply does, after what is rare: it claims a sale that has no claim, and names the units of
-- claims that must not stay without. Runs inside the inbox's transaction.
CREATE OR REPLACE FUNCTION sale_apply(
  p_tenant uuid,
  p_sale uuid,
  p_lines jsonb,
  p_actor text,
  p_channel text,
  p_at timestamptz,
  p_traceparent text
) RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_status text; v_claim jsonb;
  s record; h hold;
  v_count integer;
  v_item uuid; v_place uuid; v_without integer; v_short integer; v_named uuid[];
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  SELECT c.status INTO v_status FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale;
  IF v_status = 'APPLIED' THEN RETURN '{"outcome": "ALREADY"}'; END IF;
  -- POS never commits a sale that it released: a contradiction, for a person to look at.
  IF v_status = 'RELEASED' THEN RETURN '{"outcome": "RELEASED"}'; END IF;
  IF v_status IS NULL THEN
    -- No claim on record: a topic replayed into a database that lost its claims. If the ledger knows the sale
    -- it took effect; otherwise the sale is a fact that the count must follow, or refuse to (ADR 0053).
    IF EXISTS (SELECT FROM movement m WHERE m.tenant_id = p_tenant AND m.reason = 'SALE'
                 AND m.reference_kind = 'SALE' AND m.reference_id = p_sale::text) THEN
      INSERT INTO sale_claim (tenant_id, sale_id, status) VALUES (p_tenant, p_sale, 'APPLIED');
      RETURN '{"outcome": "ALREADY"}';
    END IF;
    v_claim := sale_claim(p_tenant, p_sale, p_lines, p_actor, p_channel);
    IF v_claim ->> 'outcome' <> 'CLAIMED' THEN RETURN v_claim; END IF;
  END IF;
  SELECT * INTO s FROM sale_holds_lock(p_tenant, p_sale, NULL);

  -- A serial item's claim without a unit takes one that nobody registered. If its units were registered since, so
  -- that too few such are left, it takes free units now: on hand must stay the number of units that stand there.
  FOR h IN
    SELECT x.* FROM hold x
    CROSS JOIN LATERAL (SELECT i.tracking FROM stock_item i WHERE i.tenant_id = p_tenant AND i.id = x.stock_item_id OFFSET 0) i
    WHERE x.tenant_id = p_tenant AND x.id = ANY (s.ids) AND x.serial_unit_id IS NULL AND i.tracking = 'SERIAL'
    ORDER BY x.stock_item_id, x.location_id, x.line_id
  LOOP
    IF (v_item, v_place) IS DISTINCT FROM (h.stock_item_id, h.location_id) THEN v_without := 0; END IF;
    v_item := h.stock_item_id; v_place := h.location_id; v_named := '{}';
    v_short := least(h.quantity, v_without + h.quantity - unit_unregistered(p_tenant, v_item, v_place));
    IF v_short > 0 THEN
      v_named := unit_allocate(p_tenant, v_item, v_place, v_short, '{}', '{}', NULL);
      IF v_named <> '{}' THEN PERFORM hold_name_units(p_tenant, h, v_named, s.locked_at); END IF;
    END IF;
    v_without := v_without + h.quantity - cardinality(v_named);
  END LOOP;

  v_count := sales_apply(p_tenant, ARRAY[p_sale], ARRAY[p_at], ARRAY[p_traceparent], p_actor, true);
  RETURN jsonb_build_object('outcome', 'APPLIED', 'movements', v_count);
END $fn$;
