-- Step 2 of a sale (docs/sale.md). All lines or none, idempotent by the sale's id, fenced. Every decision is
-- taken in memory under the locks before anything is written, so a refused claim writes nothing.
--
-- Lines come in parts: units that were chosen before the claim stay, the tenant's rule chooses the others, and
-- of an item whose units are registered in part the rest is claimed and sold without a unit, which may be
-- named later (ADR 0057).
--
-- The usual claim is taken by sale_claim_counted before it comes here.
--
-- Over 100 lines: every line sees what the ones before it took, in arrays that a function of its own would be handed
-- and hand back at every line (ADR 0147).
CREATE OR REPLACE FUNCTION sale_claim(p_tenant uuid, p_sale uuid, p_lines jsonb, p_subject text, p_channel text)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_status text; v_answer jsonb;
  w_items uuid[]; w_places uuid[]; w_held text[];                        -- levels wanted; lines that hold
  l record;                                                              -- levels locked
  v_deltas integer[];
  h_ids uuid[]; h_quantities integer[]; h_units uuid[]; h_chosen boolean[]; h_place uuid; h_part integer; -- this line's live holds
  h_dropped integer; h_kept integer;                                     -- quantities of them that go and stay
  v_drop uuid[] := '{}'; v_keep uuid[] := '{}'; v_keep_unit uuid[] := '{}'; v_seen uuid[] := '{}';
  v_freed uuid[] := '{}'; v_taken uuid[] := '{}';                        -- units let go and units claimed here
  n_lines text[]; n_items uuid[]; n_places uuid[]; n_quantities integer[]; n_units uuid[]; n_parts integer[];
  v_units uuid[]; v_more uuid[]; v_reasons jsonb := '[]'; v_results jsonb := '[]'; v_reason jsonb;
  u serial_unit; v_item stock_item; v_place uuid; v_need integer;
  k integer; n integer; r record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  SELECT c.status, c.answer INTO v_status, v_answer FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale;
  IF v_status = 'RELEASED' THEN RETURN '{"outcome": "RELEASED"}'; END IF;
  IF v_status IS NOT NULL THEN RETURN v_answer; END IF;

  -- Levels: where the sale already holds; else where the named unit stands; else as asked; else all of the item. All of
  -- the item, too, where any location may serve: a hold that is over leaves the choice open again.
  SELECT coalesce(array_agg(h.stock_item_id), '{}'), coalesce(array_agg(h.location_id), '{}'), coalesce(array_agg(h.line_id), '{}')
  INTO w_items, w_places, w_held
  FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text AND h.status = 'LIVE';
  FOR r IN SELECT * FROM jsonb_to_recordset(p_lines) AS q ("lineId" text, "stockItemId" uuid, "serialUnitId" uuid, "locationId" uuid,
      "anyLocation" boolean) LOOP
    CONTINUE WHEN r."lineId" = ANY (w_held) AND r."anyLocation" IS NOT TRUE;
    SELECT x.location_id INTO v_place FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.id = r."serialUnitId";
    w_items := array_append(w_items, r."stockItemId");
    w_places := array_append(w_places, coalesce(v_place, r."locationId"));
    IF r."anyLocation" THEN w_items := array_append(w_items, r."stockItemId"); w_places := array_append(w_places, NULL); END IF;
  END LOOP;
  INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
  SELECT p_tenant, i.id, c.id, i.backorder_limit
  FROM (SELECT DISTINCT * FROM unnest(w_items, w_places) AS w (item, place)) w
  JOIN stock_item i ON i.tenant_id = p_tenant AND i.id = w.item AND i.backorder_limit > 0
  JOIN location c ON c.tenant_id = p_tenant AND c.id = w.place
  WHERE NOT EXISTS (SELECT FROM level x WHERE x.tenant_id = p_tenant AND x.stock_item_id = i.id AND x.location_id = c.id)
  ORDER BY i.id, c.id ON CONFLICT DO NOTHING;
  SELECT * INTO l FROM level_lock(p_tenant, w_items, w_places);
  v_deltas := array_fill(0, ARRAY[coalesce(cardinality(l.items), 0)]);

  -- Named units first: a generic line must not be given the unit that another line names.
  FOR r IN
    SELECT q.* FROM ROWS FROM (jsonb_to_recordset(p_lines) AS (
      "lineId" text, "stockItemId" uuid, sku text, quantity integer, "serialUnitId" uuid, "locationId" uuid,
      "anyLocation" boolean))
      WITH ORDINALITY AS q (line, item, sku, quantity, unit, location, anywhere, ord)
    ORDER BY q.unit IS NULL, q.ord
  LOOP
    v_units := '{}'; v_more := '{}'; v_reason := NULL; k := NULL; u := NULL;
    SELECT * INTO v_item FROM stock_item i WHERE i.tenant_id = p_tenant AND i.id = r.item;
    IF NOT FOUND THEN
      v_reasons := v_reasons || jsonb_build_object('lineId', r.line, 'sku', r.sku, 'outcome', 'NO_SUCH_ITEM', 'requested', r.quantity, 'available', 0);
      CONTINUE;
    END IF;
    IF v_item.tracking = 'NONE' THEN
      v_results := v_results || jsonb_build_object('lineId', r.line, 'stockItemId', v_item.id, 'sku', v_item.sku, 'units', '[]'::jsonb, 'ord', r.ord);
      CONTINUE;
    END IF;

    -- What this line holds already. Units that it has stay with it as far as its quantity reaches, unless it names
    -- another; but what a person chose since (allocated_at) is newer than what the line says. Of the rest a hold of
    -- exactly the missing quantity stays; anything else is let go and asked anew.
    SELECT array_agg(h.id ORDER BY h.part), array_agg(h.quantity ORDER BY h.part), array_agg(h.serial_unit_id ORDER BY h.part),
           array_agg(h.allocated_at IS NOT NULL ORDER BY h.part), min(h.location_id::text)::uuid, coalesce(max(h.part) + 1, 0)
    INTO h_ids, h_quantities, h_units, h_chosen, h_place, h_part
    FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text
      AND h.line_id = r.line AND h.status = 'LIVE' AND h.stock_item_id = v_item.id;
    v_seen := v_seen || coalesce(h_ids, '{}');
    v_place := coalesce(h_place, r.location);
    h_kept := 0; h_dropped := 0;
    FOR n IN 1 .. coalesce(cardinality(h_ids), 0) LOOP
      IF h_units[n] IS NOT NULL AND h_kept < r.quantity AND (r.unit IS NULL OR r.unit = h_units[n] OR h_chosen[n]) THEN
        v_keep := v_keep || h_ids[n]; v_keep_unit := array_append(v_keep_unit, h_units[n]);
        v_units := v_units || h_units[n]; v_taken := v_taken || h_units[n]; h_kept := h_kept + 1;
      ELSIF h_units[n] IS NOT NULL THEN
        v_drop := v_drop || h_ids[n]; v_freed := v_freed || h_units[n]; h_dropped := h_dropped + 1;
      END IF;
    END LOOP;
    v_need := r.quantity - h_kept;
    FOR n IN 1 .. coalesce(cardinality(h_ids), 0) LOOP
      CONTINUE WHEN h_units[n] IS NOT NULL;
      v_more := '{}';
      IF v_need > 0 AND h_quantities[n] = v_need AND r.unit IS NULL THEN
        IF v_item.tracking = 'SERIAL' THEN
          v_more := unit_allocate(p_tenant, v_item.id, h_place, v_need, v_taken, v_freed, NULL);
        END IF;
        -- It stays one row when it takes one unit or none; else it falls into parts below.
        IF (v_need = 1 AND cardinality(v_more) = 1) OR (cardinality(v_more) = 0
             AND (v_item.tracking <> 'SERIAL' OR v_need <= unit_unregistered(p_tenant, v_item.id, h_place))) THEN
          v_keep := v_keep || h_ids[n]; v_keep_unit := array_append(v_keep_unit, v_more[1]);
          v_units := v_units || v_more; v_taken := v_taken || v_more;
          h_kept := h_kept + v_need; v_need := 0;
          CONTINUE;
        END IF;
      END IF;
      v_drop := v_drop || h_ids[n]; h_dropped := h_dropped + h_quantities[n];
    END LOOP;
    IF h_ids IS NOT NULL THEN
      FOREACH n IN ARRAY array_positions(l.items, v_item.id) LOOP
        CONTINUE WHEN l.locations[n] <> h_place;
        v_deltas[n] := v_deltas[n] - h_dropped;
        k := n;                                          -- of a line that is kept its code is read below
      END LOOP;
    END IF;

    IF v_need > 0 THEN
      k := NULL;
      IF r.unit IS NOT NULL THEN
        SELECT * INTO u FROM serial_unit x
        WHERE x.tenant_id = p_tenant AND x.id = r.unit AND x.stock_item_id = v_item.id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
          v_reason := jsonb_build_object('outcome', 'NO_SUCH_UNIT', 'available', 0);
        ELSIF u.id = ANY (v_taken) OR (u.status <> 'AVAILABLE' AND u.id <> ALL (v_freed)) THEN
          SELECT jsonb_build_object('outcome', 'UNIT_TAKEN', 'available', 0, 'unitStatus', u.status, 'serial', u.serial,
                   'stockNumber', u.stock_number, 'serialUnitId', u.id,
                   'heldBy', CASE WHEN h.reference_kind = 'SALE' THEN 'SALE' ELSE h.purpose END, 'heldUntil', h.expires_at)
          INTO v_reason FROM (VALUES (1)) one
          LEFT JOIN hold h ON h.tenant_id = p_tenant AND h.serial_unit_id = u.id AND h.status IN ('LIVE', 'SOLD');
        ELSIF u.location_id <> r.location AND r.anywhere IS NOT TRUE THEN
          SELECT jsonb_build_object('outcome', 'UNIT_ELSEWHERE', 'available', 0, 'serial', u.serial, 'stockNumber', u.stock_number,
                   'locationCode', c.code)
          INTO v_reason FROM location c WHERE c.tenant_id = p_tenant AND c.id = u.location_id;
        ELSE
          v_place := u.location_id;
          v_more := ARRAY[u.id];
        END IF;
      END IF;
      IF v_reason IS NULL THEN
        -- A location that is only preferred serves when it has enough on hand; else it is one of all.
        IF r.anywhere AND r.unit IS NULL AND h_place IS NULL AND NOT EXISTS (
          SELECT FROM unnest(l.items, l.locations, l.available, v_deltas) AS x (item, place, available, delta)
          WHERE x.item = v_item.id AND x.place = v_place AND x.available - x.delta >= v_need)
        THEN v_place := NULL; END IF;
        FOR n IN 1 .. coalesce(cardinality(l.items), 0) LOOP
          CONTINUE WHEN l.items[n] <> v_item.id OR (v_place IS NOT NULL AND l.locations[n] <> v_place);
          IF k IS NULL OR l.available[n] - v_deltas[n] - l.floors[n] > l.available[k] - v_deltas[k] - l.floors[k]
             OR (l.available[n] - v_deltas[n] - l.floors[n] = l.available[k] - v_deltas[k] - l.floors[k] AND l.codes[n] < l.codes[k])
          THEN k := n; END IF;
        END LOOP;
        IF k IS NOT NULL AND v_item.tracking = 'SERIAL' AND r.unit IS NULL THEN
          v_more := unit_allocate(p_tenant, v_item.id, l.locations[k], v_need, v_taken, v_freed, NULL);
        END IF;
        -- Registered units first; what they do not cover is claimed without a unit, of those on hand that nobody
        -- registered. That these suffice follows from the sums; it is looked at all the same, because a claim without a
        -- unit on an item whose units are all known would let one piece be sold twice.
        IF k IS NULL OR l.available[k] - v_deltas[k] - l.floors[k] < v_need
           OR (v_item.tracking = 'SERIAL' AND cardinality(v_more) < v_need
               AND v_need - cardinality(v_more) > unit_unregistered(p_tenant, v_item.id, l.locations[k])) THEN
          v_reason := jsonb_build_object('outcome', 'INSUFFICIENT', 'locationCode', l.codes[k],
            'available', h_kept + coalesce(l.available[k] - v_deltas[k], 0),
            'availableInAll', h_kept + level_available_in_all(p_tenant, v_item.id)
              - (SELECT coalesce(sum(x.delta), 0) FROM unnest(l.items, v_deltas) AS x (item, delta) WHERE x.item = v_item.id),
            'serial', u.serial, 'stockNumber', u.stock_number);
        END IF;
      END IF;
      IF v_reason IS NOT NULL THEN
        v_reasons := v_reasons || (jsonb_build_object('lineId', r.line, 'sku', v_item.sku, 'title', v_item.title, 'requested', r.quantity) || v_reason);
        CONTINUE;
      END IF;
      v_deltas[k] := v_deltas[k] + v_need;
      v_units := v_units || v_more;
      v_taken := v_taken || v_more;
      h_place := l.locations[k];
      WHILE v_need > 0 LOOP
        n_lines := n_lines || r.line; n_items := n_items || v_item.id; n_places := n_places || h_place; n_parts := n_parts || h_part;
        -- One part for each unit, one for all that stay without.
        n_quantities := n_quantities || CASE WHEN cardinality(v_more) > 0 THEN 1 ELSE v_need END;
        n_units := array_append(n_units, v_more[1]);
        v_need := v_need - n_quantities[cardinality(n_quantities)];
        v_more := v_more[2:];
        h_part := h_part + 1;
      END LOOP;
    END IF;
    v_results := v_results || jsonb_build_object('lineId', r.line, 'stockItemId', v_item.id, 'sku', v_item.sku, 'locationId', h_place,
      'locationCode', l.codes[k], 'quantity', r.quantity, 'ord', r.ord,
      'units', (SELECT coalesce(jsonb_agg(jsonb_build_object('serialUnitId', x.id, 'serial', x.serial, 'stockNumber', x.stock_number) ORDER BY x.received_at, x.id), '[]')
                FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.id = ANY (v_units)));
  END LOOP;
  IF v_reasons <> '[]' THEN RETURN jsonb_build_object('outcome', 'REFUSED', 'reasons', v_reasons); END IF;

  -- Written only from here on. Holds of lines that the sale no longer has go too.
  v_drop := v_drop || ARRAY(SELECT h.id FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE'
    AND h.reference_id = p_sale::text AND h.status = 'LIVE' AND h.id <> ALL (v_seen));
  -- hold_let_go lowers the levels of what is dropped itself: v_deltas counts only the new claims below.
  IF v_drop <> '{}' THEN PERFORM hold_let_go(p_tenant, v_drop, NULL, l.locked_at); END IF;
  UPDATE hold h SET kind = 'HARD', expires_at = NULL, serial_unit_id = coalesce(h.serial_unit_id, x.unit)
  FROM unnest(v_keep, v_keep_unit) AS x (id, unit) WHERE h.tenant_id = p_tenant AND h.id = x.id;
  IF n_lines IS NOT NULL THEN
    INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, serial_unit_id, purpose, channel, subject,
      reference_kind, reference_id, line_id, part, created_at)
    SELECT p_tenant, 'HARD', x.item, x.place, x.quantity, x.unit, 'SALE', p_channel, p_subject, 'SALE', p_sale::text, x.line, x.part, l.locked_at
    FROM unnest(n_lines, n_items, n_places, n_quantities, n_units, n_parts) AS x (line, item, place, quantity, unit, part);
    FOR r IN SELECT x.item, x.place, sum(x.quantity)::integer AS quantity
             FROM unnest(n_items, n_places, n_quantities) AS x (item, place, quantity) GROUP BY 1, 2 LOOP
      PERFORM level_change(p_tenant, r.item, r.place, 0, r.quantity, l.locked_at);
    END LOOP;
  END IF;
  IF v_taken <> '{}' THEN
    WITH taken AS (
      UPDATE serial_unit x SET status = 'HELD', version = x.version + 1
      WHERE x.tenant_id = p_tenant AND x.id = ANY (v_taken) AND x.status <> 'HELD' RETURNING x.id)
    INSERT INTO unit_dirty SELECT p_tenant, id FROM taken ON CONFLICT DO NOTHING;
  END IF;
  SELECT jsonb_build_object('outcome', 'CLAIMED', 'lines', coalesce(jsonb_agg(x - 'ord' ORDER BY (x ->> 'ord')::integer), '[]'))
  INTO v_answer FROM jsonb_array_elements(v_results) x;
  INSERT INTO sale_claim (tenant_id, sale_id, status, answer) VALUES (p_tenant, p_sale, 'CLAIMED', v_answer);
  RETURN v_answer;
END $fn$;
