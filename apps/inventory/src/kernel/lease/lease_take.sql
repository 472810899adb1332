-- Moves to a sale what its lines are of, as far as its register's lease reaches (ADR 0379): under the locks of the items'
-- levels, and no count moves, so that the stock is at no moment anybody else's. A piece that a line names is taken by its own
-- hold, else as one of any. What the lease does not have (used up, over, never in it) is left to the claim. The past stays
-- known: a hold that gives something ends, and what it keeps goes on in its row.
CREATE OR REPLACE FUNCTION lease_take(p_tenant uuid, p_lease uuid, p_sale uuid, p_lines jsonb, p_subject text, p_channel text)
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_items uuid[]; v_now timestamptz; v_need integer; v_taken integer; v_part integer;
  h hold; r record;
BEGIN
  -- All levels of the items, as the claim that follows may ask for any: locked once, in one order.
  v_items := ARRAY(SELECT DISTINCT (q ->> 'stockItemId')::uuid FROM jsonb_array_elements(p_lines) q);
  SELECT l.locked_at INTO v_now FROM level_lock(p_tenant, v_items, array_fill(NULL::uuid, ARRAY[cardinality(v_items)])) l;
  -- Named pieces first: a line of any must not be given the hold that another line names.
  FOR r IN
    SELECT * FROM jsonb_to_recordset(p_lines) AS q ("lineId" text, "stockItemId" uuid, quantity integer, "serialUnitId" uuid)
    ORDER BY q."serialUnitId" IS NULL
  LOOP
    v_need := r.quantity; v_part := 0;
    FOR h IN
      SELECT x.* FROM hold x
      WHERE x.tenant_id = p_tenant AND x.reference_kind = 'LEASE' AND x.reference_id = p_lease::text AND x.status = 'LIVE'
        AND x.stock_item_id = r."stockItemId"
        AND (r."serialUnitId" IS NULL OR x.serial_unit_id IS NULL OR x.serial_unit_id = r."serialUnitId")
      ORDER BY x.serial_unit_id IS DISTINCT FROM r."serialUnitId", x.line_id
    LOOP
      EXIT WHEN v_need = 0;
      v_taken := least(h.quantity, v_need);
      IF v_taken = h.quantity THEN
        UPDATE hold x SET status = 'RELEASED', settled_at = v_now WHERE x.tenant_id = p_tenant AND x.id = h.id;
      ELSE
        INSERT INTO hold (tenant_id, kind, status, stock_item_id, location_id, quantity, expires_at, purpose, channel, subject,
          reference_kind, reference_id, line_id, part, created_at, settled_at, split_from)
        VALUES (p_tenant, h.kind, 'RELEASED', h.stock_item_id, h.location_id, h.quantity, h.expires_at, h.purpose, h.channel, h.subject,
          h.reference_kind, h.reference_id, h.line_id, h.part, h.created_at, v_now, h.id);
        UPDATE hold x SET quantity = h.quantity - v_taken, created_at = v_now WHERE x.tenant_id = p_tenant AND x.id = h.id;
      END IF;
      INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, serial_unit_id, expires_at, purpose, channel, subject,
        reference_kind, reference_id, line_id, part, created_at, split_from)
      VALUES (p_tenant, h.kind, h.stock_item_id, h.location_id, v_taken, h.serial_unit_id, h.expires_at, 'SALE', p_channel, p_subject,
        'SALE', p_sale::text, r."lineId", v_part, v_now, h.id);
      v_need := v_need - v_taken;
      v_part := v_part + 1;
    END LOOP;
  END LOOP;
END $fn$;
