import { migration } from '@onecount/db';

/**
 * The claim path knows lines in parts: units that were chosen before the claim stay, the tenant's rule
 * chooses the others, and of an item whose units are registered in part the rest is claimed and sold
 * without a unit, which may be named later (ADR 0057).
 */
export const KeepAllocatedParts1795200000020 = migration(
  'KeepAllocatedParts1795200000020',
  `
CREATE OR REPLACE FUNCTION hold_place(p_tenant uuid, p_sku text, p_requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_item stock_item;
  v_sales text[]; v_keys text[]; v_serials text[]; v_units uuid[]; v_wanted uuid[]; v_everywhere boolean;
  v_closed text[]; v_known jsonb := '{}'; v_lines jsonb := '{}';
  l record;                                          -- locked levels as parallel arrays
  u_ids uuid[]; u_serials text[]; u_numbers text[]; u_status text[]; u_places uuid[]; u_by text[]; u_until timestamptz[];
  a_ords integer[]; a_ids uuid[]; a_places uuid[]; a_units uuid[]; a_until timestamptz[];
  v_deltas integer[]; v_answers jsonb[]; v_answer jsonb;
  k integer; u integer; n integer; v_id uuid; v_expires timestamptz; v_code text;
  r record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT * INTO v_item FROM stock_item s WHERE s.tenant_id = p_tenant AND s.sku = p_sku;
  IF NOT FOUND THEN RETURN jsonb_build_object('item', NULL, 'answers', '[]'::jsonb); END IF;

  SELECT array_agg(DISTINCT q."referenceId") FILTER (WHERE q."referenceKind" = 'SALE'),
         array_agg(q."idempotencyKey") FILTER (WHERE q."idempotencyKey" IS NOT NULL),
         array_agg(q.serial) FILTER (WHERE q.serial IS NOT NULL),
         array_agg(q."serialUnitId") FILTER (WHERE q."serialUnitId" IS NOT NULL),
         array_agg(DISTINCT q."locationId") FILTER (WHERE q."locationId" IS NOT NULL),
         bool_or(q."locationId" IS NULL OR q.serial IS NOT NULL OR q."serialUnitId" IS NOT NULL)
  INTO v_sales, v_keys, v_serials, v_units, v_wanted, v_everywhere
  FROM jsonb_to_recordset(p_requests) AS q ("idempotencyKey" text, serial text, "serialUnitId" uuid, "locationId" uuid,
    "referenceKind" text, "referenceId" text);

  IF v_sales IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock_shared(s.key) FROM (
      SELECT DISTINCT sale_lock_key(p_tenant, x) AS key FROM unnest(v_sales) x ORDER BY 1) s;
    v_closed := ARRAY(SELECT c.sale_id::text FROM sale_claim c
                      WHERE c.tenant_id = p_tenant AND c.sale_id = ANY (v_sales::uuid[]));
  END IF;

  IF v_item.backorder_limit > 0 THEN
    INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
    SELECT p_tenant, v_item.id, c.id, v_item.backorder_limit FROM location c
    WHERE c.tenant_id = p_tenant AND (c.id = ANY (v_wanted) OR v_wanted IS NULL AND c.code = (
      SELECT min(f.code) FROM location f WHERE f.tenant_id = p_tenant AND NOT EXISTS (
        SELECT FROM level x WHERE x.tenant_id = p_tenant AND x.stock_item_id = v_item.id)))
    ORDER BY c.id ON CONFLICT DO NOTHING;
  END IF;

  IF v_item.tracking <> 'NONE' THEN
    SELECT * INTO l FROM level_lock(p_tenant,
      CASE WHEN v_everywhere THEN ARRAY[v_item.id] ELSE array_fill(v_item.id, ARRAY[cardinality(v_wanted)]) END,
      CASE WHEN v_everywhere THEN ARRAY[NULL::uuid] ELSE v_wanted END);
    v_deltas := array_fill(0, ARRAY[coalesce(cardinality(l.items), 0)]);
  END IF;

  -- Under the lock, so that a twin that committed a moment ago is seen.
  IF v_keys IS NOT NULL THEN
    SELECT coalesce(jsonb_object_agg(h.idempotency_key, hold_facts(h)), '{}') INTO v_known
    FROM hold h WHERE h.tenant_id = p_tenant AND h.idempotency_key = ANY (v_keys);
  END IF;
  IF v_sales IS NOT NULL THEN
    -- A line whose units were chosen meanwhile has several parts: it is told as the one hold that was asked for.
    SELECT coalesce(jsonb_object_agg(p.key, p.facts), '{}') INTO v_lines FROM (
      SELECT h.reference_id || '/' || h.line_id AS key, (array_agg(hold_facts(h) ORDER BY h.part))[1] || CASE WHEN count(*) > 1
               THEN jsonb_build_object('quantity', sum(h.quantity), 'serialUnitId', NULL, 'serial', NULL, 'stockNumber', NULL)
               ELSE '{}' END AS facts
      FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = ANY (v_sales)
        AND h.status IN ('LIVE', 'SOLD') GROUP BY 1) p;
  END IF;
  IF v_serials IS NOT NULL OR v_units IS NOT NULL THEN
    v_units := v_units
      || ARRAY(SELECT x.id FROM serial_unit x
               WHERE x.tenant_id = p_tenant AND x.stock_item_id = v_item.id AND x.serial = ANY (v_serials))
      || ARRAY(SELECT x.id FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_number = ANY (v_serials));
    SELECT array_agg(s.id), array_agg(s.serial), array_agg(s.stock_number), array_agg(s.status), array_agg(s.location_id),
           array_agg(s.held_by), array_agg(s.expires_at)
    INTO u_ids, u_serials, u_numbers, u_status, u_places, u_by, u_until
    FROM (SELECT x.id, x.serial, x.stock_number, x.status, x.location_id, h.held_by, h.expires_at
          FROM serial_unit x
          LEFT JOIN LATERAL (
            SELECT CASE WHEN c.reference_kind = 'SALE' THEN 'SALE' ELSE c.purpose END AS held_by, c.expires_at
            FROM hold c WHERE c.tenant_id = p_tenant AND c.serial_unit_id = x.id AND c.status IN ('LIVE', 'SOLD')
            LIMIT 1) h ON true
          WHERE x.tenant_id = p_tenant AND x.id = ANY (v_units) AND x.stock_item_id = v_item.id
          ORDER BY x.id FOR NO KEY UPDATE OF x) s;
  END IF;

  FOR r IN
    SELECT q.* FROM ROWS FROM (jsonb_to_recordset(p_requests) AS (
      "idempotencyKey" text, "inputHash" text, serial text, "serialUnitId" uuid, quantity integer, "locationId" uuid,
      kind text, "holdSeconds" integer, purpose text, "referenceKind" text, "referenceId" text, "lineId" text))
      WITH ORDINALITY AS q (key, hash, serial, unit, quantity, location, kind, seconds, purpose, reference_kind, reference_id, line_id, ord)
    ORDER BY q.ord
  LOOP
    v_answer := v_known -> r.key;
    IF v_answer IS NULL AND r.reference_kind = 'SALE' THEN v_answer := v_lines -> (r.reference_id || '/' || r.line_id); END IF;
    IF v_answer IS NOT NULL THEN
      IF v_answer ->> 'inputHash' <> r.hash THEN v_answer := '{"outcome": "KEY_REUSED"}'; END IF;
      v_answers[r.ord] := v_answer;
      CONTINUE;
    END IF;
    IF r.reference_kind = 'SALE' AND lower(r.reference_id) = ANY (v_closed) THEN
      v_answers[r.ord] := '{"outcome": "SALE_CLOSED"}';
      CONTINUE;
    END IF;
    IF v_item.tracking = 'NONE' THEN
      v_answers[r.ord] := '{"outcome": "UNTRACKED"}';
      CONTINUE;
    END IF;

    k := NULL; u := NULL;
    IF r.unit IS NOT NULL OR r.serial IS NOT NULL THEN
      -- A serial value first, the stock number for pieces that carry no serial.
      u := coalesce(array_position(u_ids, r.unit), array_position(u_serials, r.serial), array_position(u_numbers, r.serial));
      IF u IS NULL THEN
        v_answers[r.ord] := '{"outcome": "NO_SUCH_UNIT"}';
        CONTINUE;
      END IF;
      k := array_position(l.locations, u_places[u]);
      IF u_status[u] <> 'AVAILABLE' OR (r.location IS NOT NULL AND r.location <> u_places[u]) THEN
        v_answers[r.ord] := jsonb_build_object(
          'outcome', CASE WHEN u_status[u] <> 'AVAILABLE' THEN 'UNIT_TAKEN' ELSE 'UNIT_ELSEWHERE' END,
          'serialUnitId', u_ids[u], 'serial', u_serials[u], 'stockNumber', u_numbers[u], 'unitStatus', u_status[u],
          'heldBy', u_by[u], 'heldUntil', u_until[u], 'locationCode', l.codes[k]);
        CONTINUE;
      END IF;
    ELSIF r.location IS NOT NULL THEN
      k := array_position(l.locations, r.location);
      IF k IS NULL THEN
        -- No level: either no such location, or nothing of it ever stood there.
        SELECT c.code INTO v_code FROM location c WHERE c.tenant_id = p_tenant AND c.id = r.location;
        v_answers[r.ord] := CASE WHEN v_code IS NULL THEN '{"outcome": "NO_SUCH_LOCATION"}'
          ELSE jsonb_build_object('outcome', 'INSUFFICIENT', 'available', 0, 'locationCode', v_code) END;
        CONTINUE;
      END IF;
    ELSE
      -- Where most is available; ties by code.
      FOR n IN 1 .. coalesce(cardinality(l.items), 0) LOOP
        IF k IS NULL OR l.available[n] - v_deltas[n] - l.floors[n] > l.available[k] - v_deltas[k] - l.floors[k]
           OR (l.available[n] - v_deltas[n] - l.floors[n] = l.available[k] - v_deltas[k] - l.floors[k] AND l.codes[n] < l.codes[k])
        THEN k := n; END IF;
      END LOOP;
    END IF;
    -- A named unit needs its parent too: a generic claim may already have taken the last one (DOMAIN 13).
    IF k IS NULL OR l.available[k] - v_deltas[k] - l.floors[k] < r.quantity THEN
      v_answers[r.ord] := jsonb_build_object('outcome', 'INSUFFICIENT',
        'available', coalesce(l.available[k] - v_deltas[k], 0), 'locationCode', l.codes[k], 'serial', u_serials[u]);
      CONTINUE;
    END IF;

    v_deltas[k] := v_deltas[k] + r.quantity;
    v_id := uuidv7();
    v_expires := CASE WHEN r.kind = 'SOFT' THEN l.locked_at + make_interval(secs => r.seconds) END;
    IF u IS NOT NULL THEN
      u_status[u] := 'HELD';
      u_by[u] := CASE WHEN r.reference_kind = 'SALE' THEN 'SALE' ELSE r.purpose END;
      u_until[u] := v_expires;
    END IF;
    a_ords := a_ords || r.ord::integer; a_ids := a_ids || v_id; a_places := a_places || l.locations[k];
    a_units := array_append(a_units, u_ids[u]); a_until := array_append(a_until, v_expires);
    v_answers[r.ord] := jsonb_build_object('outcome', 'PLACED', 'holdId', v_id, 'status', 'LIVE', 'kind', r.kind,
      'quantity', r.quantity, 'locationId', l.locations[k], 'locationCode', l.codes[k], 'serialUnitId', u_ids[u],
      'serial', u_serials[u], 'stockNumber', u_numbers[u], 'expiresAt', v_expires, 'createdAt', l.locked_at);
  END LOOP;

  IF a_ords IS NOT NULL THEN
    INSERT INTO hold (tenant_id, id, kind, stock_item_id, location_id, quantity, serial_unit_id, expires_at, purpose, channel,
      subject, reference_kind, reference_id, line_id, idempotency_key, input_hash, created_at)
    SELECT p_tenant, a.id, q.kind, v_item.id, a.place, q.quantity, a.unit, a.until, q.purpose, q.channel,
      q.subject, q.reference_kind, q.reference_id, q.line_id, q.key, q.hash, l.locked_at
    FROM unnest(a_ords, a_ids, a_places, a_units, a_until) AS a (ord, id, place, unit, until)
    JOIN ROWS FROM (jsonb_to_recordset(p_requests) AS (
      "idempotencyKey" text, "inputHash" text, quantity integer, kind text, purpose text, channel text, subject text,
      "referenceKind" text, "referenceId" text, "lineId" text))
      WITH ORDINALITY AS q (key, hash, quantity, kind, purpose, channel, subject, reference_kind, reference_id, line_id, ord)
      ON q.ord = a.ord;
    FOR n IN 1 .. cardinality(v_deltas) LOOP
      IF v_deltas[n] <> 0 THEN PERFORM level_change(p_tenant, v_item.id, l.locations[n], 0, v_deltas[n], l.locked_at); END IF;
    END LOOP;
    IF u_ids IS NOT NULL THEN
      WITH taken AS (
        UPDATE serial_unit x SET status = 'HELD', version = x.version + 1
        WHERE x.tenant_id = p_tenant AND x.id = ANY (a_units) RETURNING x.id)
      INSERT INTO unit_dirty SELECT p_tenant, id FROM taken ON CONFLICT DO NOTHING;
    END IF;
  END IF;
  RETURN jsonb_build_object('item', jsonb_build_object('stockItemId', v_item.id, 'variantId', v_item.variant_id, 'sku', v_item.sku,
    'title', v_item.title, 'tracking', v_item.tracking), 'answers', to_jsonb(v_answers));
END $fn$;

CREATE OR REPLACE FUNCTION sale_claim(p_tenant uuid, p_sale uuid, p_lines jsonb, p_subject text, p_channel text) RETURNS jsonb LANGUAGE plpgsql AS $fn$
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

  -- Levels: where the sale already holds; else where the named unit stands; else as asked; else all of the item.
  SELECT coalesce(array_agg(h.stock_item_id), '{}'), coalesce(array_agg(h.location_id), '{}'), coalesce(array_agg(h.line_id), '{}')
  INTO w_items, w_places, w_held
  FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text AND h.status = 'LIVE';
  FOR r IN SELECT * FROM jsonb_to_recordset(p_lines) AS q ("lineId" text, "stockItemId" uuid, "serialUnitId" uuid, "locationId" uuid) LOOP
    CONTINUE WHEN r."lineId" = ANY (w_held);
    SELECT x.location_id INTO v_place FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.id = r."serialUnitId";
    w_items := array_append(w_items, r."stockItemId");
    w_places := array_append(w_places, coalesce(v_place, r."locationId"));
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
      "lineId" text, "stockItemId" uuid, sku text, quantity integer, "serialUnitId" uuid, "locationId" uuid))
      WITH ORDINALITY AS q (line, item, sku, quantity, unit, location, ord)
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
        ELSE
          v_place := u.location_id;
          v_more := ARRAY[u.id];
        END IF;
      END IF;
      IF v_reason IS NULL THEN
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

CREATE OR REPLACE FUNCTION sale_apply(p_tenant uuid, p_sale uuid, p_lines jsonb, p_actor text, p_channel text, p_at timestamptz, p_traceparent text) RETURNS jsonb
LANGUAGE plpgsql AS $fn$
DECLARE
  v_status text; v_claim jsonb;
  s record; l record; h hold;
  v_id uuid; v_movements uuid[]; v_units uuid[];
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
      IF v_named <> '{}' THEN s.ids := s.ids || hold_name_units(p_tenant, h, v_named, s.locked_at); END IF;
    END IF;
    v_without := v_without + h.quantity - cardinality(v_named);
  END LOOP;

  FOR h IN
    SELECT * FROM hold x WHERE x.tenant_id = p_tenant AND x.id = ANY (s.ids)
    ORDER BY x.stock_item_id, x.location_id, x.line_id, x.part
  LOOP
    SELECT * INTO l FROM level_change(p_tenant, h.stock_item_id, h.location_id, -h.quantity, -h.quantity, s.locked_at);
    INSERT INTO movement (tenant_id, stock_item_id, location_id, serial_unit_id, quantity, reason, reference_kind, reference_id,
      line_id, actor, resulting_on_hand, level_version, occurred_at)
    VALUES (p_tenant, h.stock_item_id, h.location_id, h.serial_unit_id, -h.quantity, 'SALE', 'SALE', p_sale::text,
      h.line_id, p_actor, l.on_hand, l.version, p_at)
    RETURNING id INTO v_id;
    v_movements := v_movements || v_id;
    IF h.serial_unit_id IS NOT NULL THEN v_units := v_units || h.serial_unit_id; END IF;
  END LOOP;
  UPDATE hold x SET status = 'SOLD', settled_at = s.locked_at WHERE x.tenant_id = p_tenant AND x.id = ANY (s.ids);
  UPDATE serial_unit u SET status = 'SOLD', sale_id = p_sale, sold_at = p_at, version = u.version + 1
  WHERE u.tenant_id = p_tenant AND u.id = ANY (v_units);

  PERFORM movement_publish(p_tenant, v_movements, p_traceparent);
  PERFORM unit_publish(p_tenant, v_units, p_traceparent);

  UPDATE sale_claim c SET status = 'APPLIED', updated_at = clock_timestamp() WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale;
  RETURN jsonb_build_object('outcome', 'APPLIED', 'movements', coalesce(cardinality(v_movements), 0));
END $fn$;

-- Names the units of what a sale took without one. The count dropped when the sale was applied, and must not drop again:
-- a named unit leaves by its status alone, and the piece that nobody registered, which was taken to have left in its
-- place, is on hand still. on_hand, committed and the sum of free units and unregistered ones stay as they are.
CREATE FUNCTION sale_unit_allocate(p_tenant uuid, p_sale uuid, p_line text, p_units jsonb, p_actor text, p_traceparent text) RETURNS jsonb
LANGUAGE plpgsql AS $fn$
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
  SELECT * INTO i FROM stock_item x WHERE x.tenant_id = p_tenant AND x.id = h.stock_item_id;
  SELECT l.locked_at INTO v_now FROM level_lock(p_tenant, ARRAY[h.stock_item_id], ARRAY[h.location_id]) l;
  SELECT * INTO h FROM hold x WHERE x.tenant_id = p_tenant AND x.id = h.id;
  IF i.tracking <> 'SERIAL' THEN RETURN jsonb_build_object('outcome', 'NOT_SERIAL', 'sku', i.sku); END IF;
  IF h.serial_unit_id IS NOT NULL THEN RETURN '{"outcome": "HAS_UNIT"}'; END IF;
  IF jsonb_array_length(p_units) > h.quantity THEN RETURN jsonb_build_object('outcome', 'TOO_MANY', 'quantity', h.quantity); END IF;
  SELECT * INTO f FROM unit_find_free(p_tenant, i.id, h.location_id, p_units, NULL);
  IF f.refused IS NOT NULL THEN RETURN f.refused || jsonb_build_object('sku', i.sku, 'title', i.title); END IF;

  v_ids := hold_name_units(p_tenant, h, f.ids, v_now);
  SELECT m.occurred_at INTO v_sold_at FROM movement m WHERE m.tenant_id = p_tenant AND m.reason = 'SALE' AND m.reference_kind = 'SALE'
    AND m.reference_id = p_sale::text AND m.line_id = p_line AND m.stock_item_id = i.id LIMIT 1;
  UPDATE serial_unit u SET status = 'SOLD', sale_id = p_sale, sold_at = coalesce(v_sold_at, v_now), version = u.version + 1
  WHERE u.tenant_id = p_tenant AND u.id = ANY (f.ids);
  -- No movement tells of it, so its history does.
  INSERT INTO serial_unit_change (tenant_id, serial_unit_id, kind, from_status, to_status, location_id, reason, reference_kind, reference_id, actor)
  SELECT p_tenant, x.id, 'STATUS', 'AVAILABLE', 'SOLD', h.location_id, 'SALE', 'SALE', p_sale::text, p_actor FROM unnest(f.ids) AS x (id);
  PERFORM unit_publish(p_tenant, f.ids, p_traceparent);
  RETURN jsonb_build_object('outcome', 'DONE', 'holdIds', v_ids);
END $fn$;

DROP FUNCTION unit_allocate(uuid, uuid, uuid, integer, uuid[]);

${[
  'hold_place(uuid, text, jsonb)',
  'sale_claim(uuid, uuid, jsonb, text, text)',
  'sale_apply(uuid, uuid, jsonb, text, text, timestamptz, text)',
  'sale_unit_allocate(uuid, uuid, text, jsonb, text, text)',
]
  .map(
    (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION ${name} SET enable_seqscan = off;`,
  )
  .join('\n')}
`,
);
