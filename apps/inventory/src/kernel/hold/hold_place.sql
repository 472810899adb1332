-- A batch of holds on one SKU in one statement, one lock and one commit. Each request is decided in its
-- order; one that is refused writes nothing and fails nobody else. Answers are facts; the service turns
-- them into refusals with words. A line of a sale whose units were chosen meanwhile has several parts and is
-- answered as the one hold that was asked for.
--
-- As all hot functions it plans each statement once per session and always by index (the two SET lines). Left
-- alone, the planner makes a new plan for statements with arrays at every call, which was two thirds of a
-- hold's CPU time, and on a young database it caches sequential scans of tables that are about to grow (ADR 0050).
--
-- Over 100 lines: each request sees what the ones before it took, in arrays that a function of its own would be handed
-- and hand back at every request.
CREATE OR REPLACE FUNCTION hold_place(p_tenant uuid, p_sku text, p_requests jsonb)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
DECLARE
  v_item stock_item;
  v_sales text[]; v_keys text[]; v_serials text[]; v_numbers text[]; v_units uuid[]; v_wanted uuid[]; v_everywhere boolean;
  v_closed text[]; v_known jsonb := '{}'; v_lines jsonb := '{}';
  l record;                                          -- locked levels as parallel arrays
  u_ids uuid[]; u_serials text[]; u_numbers text[]; u_keys text[]; u_status text[]; u_places uuid[]; u_by text[]; u_until timestamptz[];
  a_ords integer[]; a_ids uuid[]; a_places uuid[]; a_units uuid[]; a_until timestamptz[];
  v_deltas integer[]; v_answers jsonb[]; v_answer jsonb;
  v_in_all integer; k integer; u integer; n integer; v_id uuid; v_expires timestamptz; v_code text;
  r record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT * INTO v_item FROM stock_item s WHERE s.tenant_id = p_tenant AND s.sku_key = identifier_key(p_sku);
  IF NOT FOUND THEN RETURN jsonb_build_object('item', NULL, 'answers', '[]'::jsonb); END IF;

  SELECT array_agg(DISTINCT q."referenceId") FILTER (WHERE q."referenceKind" = 'SALE'),
         array_agg(q."idempotencyKey") FILTER (WHERE q."idempotencyKey" IS NOT NULL),
         array_agg(q.serial) FILTER (WHERE q.serial IS NOT NULL),
         array_agg(identifier_key(q.serial)) FILTER (WHERE q.serial IS NOT NULL),
         array_agg(q."serialUnitId") FILTER (WHERE q."serialUnitId" IS NOT NULL),
         array_agg(DISTINCT q."locationId") FILTER (WHERE q."locationId" IS NOT NULL),
         bool_or(q."locationId" IS NULL OR q."anyLocation" OR q.serial IS NOT NULL OR q."serialUnitId" IS NOT NULL)
  INTO v_sales, v_keys, v_serials, v_numbers, v_units, v_wanted, v_everywhere
  FROM jsonb_to_recordset(p_requests) AS q ("idempotencyKey" text, serial text, "serialUnitId" uuid, "locationId" uuid,
    "anyLocation" boolean, "referenceKind" text, "referenceId" text);

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
    -- A refusal of before is the answer (ADR 0171); a key that was used for anything else has the hash of nothing.
    SELECT coalesce(jsonb_object_agg(c.key, jsonb_build_object('outcome', 'KEPT', 'refusal', c.response -> 'refusal',
             'inputHash', CASE WHEN c.operation = 'holdCreate' THEN c.input_hash ELSE '' END)), '{}') || v_known INTO v_known
    FROM idempotency_record c WHERE c.tenant_id = p_tenant AND c.key = ANY (v_keys);
  END IF;
  IF v_sales IS NOT NULL THEN
    -- A line whose units were chosen meanwhile has several parts: it is answered as the one hold that was asked for.
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
      || ARRAY(SELECT x.id FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_number_key = ANY (v_numbers));
    SELECT array_agg(s.id), array_agg(s.serial), array_agg(s.stock_number), array_agg(s.stock_number_key), array_agg(s.status), array_agg(s.location_id),
           array_agg(s.held_by), array_agg(s.expires_at)
    INTO u_ids, u_serials, u_numbers, u_keys, u_status, u_places, u_by, u_until
    FROM (SELECT x.id, x.serial, x.stock_number, x.stock_number_key, x.status, x.location_id, h.held_by, h.expires_at
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
      "anyLocation" boolean, kind text, "holdSeconds" integer, purpose text, "referenceKind" text, "referenceId" text, "lineId" text))
      WITH ORDINALITY AS q (key, hash, serial, unit, quantity, location, anywhere, kind, seconds, purpose, reference_kind, reference_id, line_id, ord)
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
      u := coalesce(array_position(u_ids, r.unit), array_position(u_serials, r.serial), array_position(u_keys, identifier_key(r.serial)));
      IF u IS NULL THEN
        v_answers[r.ord] := '{"outcome": "NO_SUCH_UNIT"}';
        CONTINUE;
      END IF;
      k := array_position(l.locations, u_places[u]);
      IF u_status[u] <> 'AVAILABLE' OR (r.location <> u_places[u] AND r.anywhere IS NOT TRUE) THEN
        v_answers[r.ord] := jsonb_build_object(
          'outcome', CASE WHEN u_status[u] <> 'AVAILABLE' THEN 'UNIT_TAKEN' ELSE 'UNIT_ELSEWHERE' END,
          'serialUnitId', u_ids[u], 'serial', u_serials[u], 'stockNumber', u_numbers[u], 'unitStatus', u_status[u],
          'heldBy', u_by[u], 'heldUntil', u_until[u], 'locationCode', l.codes[k]);
        CONTINUE;
      END IF;
    ELSIF r.location IS NOT NULL AND r.anywhere IS NOT TRUE THEN
      k := array_position(l.locations, r.location);
      IF k IS NULL THEN
        -- No level: either no such location, or nothing of it ever stood there.
        SELECT c.code INTO v_code FROM location c WHERE c.tenant_id = p_tenant AND c.id = r.location;
        IF v_code IS NOT NULL THEN v_in_all := coalesce(v_in_all, level_available_in_all(p_tenant, v_item.id)); END IF;
        v_answers[r.ord] := CASE WHEN v_code IS NULL THEN '{"outcome": "NO_SUCH_LOCATION"}'
          ELSE jsonb_build_object('outcome', 'INSUFFICIENT', 'available', 0, 'locationCode', v_code,
            'availableInAll', v_in_all - (SELECT coalesce(sum(d), 0) FROM unnest(v_deltas) d)) END;
        CONTINUE;
      END IF;
    ELSE
      -- Where most is available; ties by code. A location that is only preferred serves when it has enough on hand:
      -- what it could merely promise, another one may have.
      k := array_position(l.locations, r.location);
      FOR n IN 1 .. coalesce(cardinality(l.items), 0) LOOP
        EXIT WHEN n = 1 AND l.available[k] - v_deltas[k] >= r.quantity;
        IF k IS NULL OR l.available[n] - v_deltas[n] - l.floors[n] > l.available[k] - v_deltas[k] - l.floors[k]
           OR (l.available[n] - v_deltas[n] - l.floors[n] = l.available[k] - v_deltas[k] - l.floors[k] AND l.codes[n] < l.codes[k])
        THEN k := n; END IF;
      END LOOP;
    END IF;
    -- A named unit needs its parent too: a generic claim may already have taken the last one.
    IF k IS NULL OR l.available[k] - v_deltas[k] - l.floors[k] < r.quantity THEN
      v_in_all := coalesce(v_in_all, level_available_in_all(p_tenant, v_item.id));
      v_answers[r.ord] := jsonb_build_object('outcome', 'INSUFFICIENT',
        'available', coalesce(l.available[k] - v_deltas[k], 0), 'locationCode', l.codes[k], 'serial', u_serials[u],
        'availableInAll', v_in_all - (SELECT coalesce(sum(d), 0) FROM unnest(v_deltas) d));
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
      subject, reference_kind, reference_id, line_id, idempotency_key, input_hash, secret_hash, created_at)
    SELECT p_tenant, a.id, q.kind, v_item.id, a.place, q.quantity, a.unit, a.until, q.purpose, q.channel,
      q.subject, q.reference_kind, q.reference_id, q.line_id, q.key, q.hash, q.secret, l.locked_at
    FROM unnest(a_ords, a_ids, a_places, a_units, a_until) AS a (ord, id, place, unit, until)
    JOIN ROWS FROM (jsonb_to_recordset(p_requests) AS (
      "idempotencyKey" text, "inputHash" text, "secretHash" text, quantity integer, kind text, purpose text, channel text,
      subject text, "referenceKind" text, "referenceId" text, "lineId" text))
      WITH ORDINALITY AS q (key, hash, secret, quantity, kind, purpose, channel, subject, reference_kind, reference_id, line_id, ord)
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
