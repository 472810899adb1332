import { migration } from '@onecount/db';

/**
 * What can be done with a hold that is there: extend it, harden it, let a part of it go, choose the units
 * that fulfil it, swap one. And many holds at once, all or none. None of it is on the hot path.
 */
export const SplitHold1795200000019 = migration(
  'SplitHold1795200000019',
  `
ALTER TABLE hold
  -- The hold that this one was a part of: a part is a hold of its own.
  ADD COLUMN split_from uuid,
  -- When its unit was chosen or swapped for it: such a choice outlives what a basket's line named (ADR 0057).
  ADD COLUMN allocated_at timestamptz,
  ADD CONSTRAINT hold_allocated CHECK (allocated_at IS NULL OR serial_unit_id IS NOT NULL);
CREATE INDEX hold_by_item ON hold (tenant_id, stock_item_id, id);
CREATE INDEX hold_by_reference ON hold (tenant_id, reference_id, id) WHERE reference_id IS NOT NULL;

-- Units on hand that nobody registered one by one: what a conversion left without a serial. Under the level's lock.
CREATE FUNCTION unit_unregistered(p_tenant uuid, p_item uuid, p_location uuid) RETURNS integer LANGUAGE plpgsql STABLE AS $fn$
BEGIN
  RETURN (SELECT l.on_hand FROM level l WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item AND l.location_id = p_location)
    - (SELECT count(*) FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.location_id = p_location
         AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED'));
END $fn$;

-- Free units of an item at a location by rule (null: the tenant's), locked. p_freed are units whose holds
-- the caller is about to let go: free to it although they are still marked as held.
CREATE FUNCTION unit_allocate(p_tenant uuid, p_item uuid, p_location uuid, p_quantity integer, p_taken uuid[], p_freed uuid[], p_rule text)
RETURNS uuid[] LANGUAGE plpgsql AS $fn$
DECLARE
  v_ids uuid[] := '{}';
  v_rule text := p_rule;
BEGIN
  IF v_rule IS NULL THEN
    SELECT s.allocation_rule INTO v_rule FROM inventory_setting s WHERE s.tenant_id = p_tenant;
  END IF;
  IF p_freed <> '{}' THEN
    v_ids := ARRAY(SELECT u.id FROM serial_unit u
      WHERE u.tenant_id = p_tenant AND u.id = ANY (p_freed) AND u.id <> ALL (p_taken)
        AND u.stock_item_id = p_item AND u.location_id = p_location AND u.status = 'HELD'
      ORDER BY u.received_at, u.id LIMIT p_quantity FOR NO KEY UPDATE);
  END IF;
  IF cardinality(v_ids) = p_quantity THEN RETURN v_ids; END IF;
  IF v_rule = 'NEWEST' THEN
    RETURN v_ids || ARRAY(SELECT u.id FROM serial_unit u
      WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.location_id = p_location
        AND u.status = 'AVAILABLE' AND u.id <> ALL (p_taken)
      ORDER BY u.received_at DESC, u.id DESC LIMIT p_quantity - cardinality(v_ids) FOR NO KEY UPDATE);
  END IF;
  RETURN v_ids || ARRAY(SELECT u.id FROM serial_unit u
    WHERE u.tenant_id = p_tenant AND u.stock_item_id = p_item AND u.location_id = p_location
      AND u.status = 'AVAILABLE' AND u.id <> ALL (p_taken)
    ORDER BY u.received_at, u.id LIMIT p_quantity - cardinality(v_ids) FOR NO KEY UPDATE);
END $fn$;

-- The way to one live hold: its sale, its level, then the hold as it is under these locks. p_subject (a public
-- shop's) sees its own soft holds only. Holds of a document are the document's: only their units may be chosen.
CREATE FUNCTION hold_lock(p_tenant uuid, p_hold uuid, p_subject text, p_may_be_of_sale boolean,
  OUT held hold, OUT locked_at timestamptz, OUT refused jsonb)
LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  SELECT * INTO held FROM hold x WHERE x.tenant_id = p_tenant AND x.id = p_hold;
  IF held.id IS NULL OR (p_subject IS NOT NULL AND (held.subject <> p_subject OR held.kind <> 'SOFT')) THEN
    refused := '{"outcome": "NO_SUCH_HOLD"}';
    RETURN;
  END IF;
  IF held.reference_kind = 'SALE' THEN
    IF NOT p_may_be_of_sale THEN
      refused := jsonb_build_object('outcome', 'OF_A_SALE', 'referenceId', held.reference_id);
      RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, held.reference_id));
  END IF;
  SELECT l.locked_at INTO hold_lock.locked_at FROM level_lock(p_tenant, ARRAY[held.stock_item_id], ARRAY[held.location_id]) l;
  SELECT * INTO held FROM hold x WHERE x.tenant_id = p_tenant AND x.id = p_hold;
  IF held.status <> 'LIVE' THEN
    refused := jsonb_build_object('outcome', 'NOT_LIVE', 'status', held.status);
  -- What a line names belongs to its document; a unit in repair or come back is kept by its status.
  ELSIF (held.reference_kind IS DISTINCT FROM 'SALE' AND held.line_id IS NOT NULL) OR EXISTS (
      SELECT FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.id = held.serial_unit_id AND u.status <> 'HELD') THEN
    refused := jsonb_build_object('outcome', 'OF_A_DOCUMENT', 'purpose', held.purpose,
      'referenceKind', held.reference_kind, 'referenceId', held.reference_id);
  END IF;
END $fn$;

-- p_subject null: any holder's. p_quantity null: all of it. A part that is let go becomes a row of its own, so
-- that the past can be told. A key that released anything else before is KEY_REUSED.
CREATE FUNCTION hold_release(p_tenant uuid, p_hold uuid, p_key text, p_subject text, p_quantity integer) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  s record; h hold; k hold;
  v_part uuid := uuidv7();
BEGIN
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

-- For processes of the release before this one.
CREATE OR REPLACE FUNCTION hold_release(p_tenant uuid, p_hold uuid, p_key text, p_subject text) RETURNS jsonb LANGUAGE plpgsql AS $fn$
BEGIN
  RETURN hold_release(p_tenant, p_hold, p_key, p_subject, NULL);
END $fn$;

-- Never shortens, and what does not end by itself stays so. What has expired stays expired: it may be
-- somebody else's by now.
CREATE FUNCTION hold_extend(p_tenant uuid, p_hold uuid, p_subject text, p_seconds integer) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  s record;
BEGIN
  SELECT * INTO s FROM hold_lock(p_tenant, p_hold, p_subject, false);
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  UPDATE hold x SET expires_at = greatest(x.expires_at, s.locked_at + make_interval(secs => p_seconds))
  WHERE x.tenant_id = p_tenant AND x.id = p_hold AND x.kind = 'SOFT';
  RETURN jsonb_build_object('outcome', 'DONE', 'holdId', p_hold);
END $fn$;

CREATE FUNCTION hold_harden(p_tenant uuid, p_hold uuid) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  s record;
BEGIN
  SELECT * INTO s FROM hold_lock(p_tenant, p_hold, NULL, false);
  IF s.refused IS NOT NULL THEN RETURN s.refused; END IF;
  UPDATE hold x SET kind = 'HARD', expires_at = NULL WHERE x.tenant_id = p_tenant AND x.id = p_hold AND x.kind = 'SOFT';
  RETURN jsonb_build_object('outcome', 'DONE', 'holdId', p_hold);
END $fn$;

-- Gives units to a generic hold, of which the caller has locked the level: each unit becomes a part of its
-- own; the hold itself keeps what is left, or takes the first unit when nothing is. Neither quantity nor
-- committed changes. Answers the holds that bear the units, in their order.
CREATE FUNCTION hold_name_units(p_tenant uuid, h hold, p_units uuid[], p_now timestamptz) RETURNS uuid[] LANGUAGE plpgsql AS $fn$
DECLARE
  v_rest integer := h.quantity - cardinality(p_units);
  v_ids uuid[]; v_parts integer[]; v_part integer := h.part;
  v_named uuid[] := p_units;
BEGIN
  IF h.line_id IS NOT NULL THEN
    SELECT max(x.part) INTO v_part FROM hold x WHERE x.tenant_id = p_tenant AND x.reference_kind = h.reference_kind
      AND x.reference_id = h.reference_id AND x.line_id = h.line_id AND x.status IN ('LIVE', 'SOLD');
  END IF;
  IF v_rest = 0 THEN
    UPDATE hold x SET quantity = 1, serial_unit_id = p_units[1], allocated_at = p_now WHERE x.tenant_id = p_tenant AND x.id = h.id;
    v_ids := ARRAY[h.id];
    v_named := p_units[2:];
  ELSE
    UPDATE hold x SET quantity = v_rest WHERE x.tenant_id = p_tenant AND x.id = h.id;
  END IF;
  FOR n IN 1 .. cardinality(v_named) LOOP
    v_ids := array_append(v_ids, uuidv7());
    v_parts := array_append(v_parts, v_part + n);
  END LOOP;
  INSERT INTO hold (tenant_id, id, kind, status, stock_item_id, location_id, quantity, serial_unit_id, expires_at, purpose, channel,
    subject, reference_kind, reference_id, line_id, part, created_at, settled_at, split_from, allocated_at)
  SELECT p_tenant, x.id, h.kind, h.status, h.stock_item_id, h.location_id, 1, x.unit, h.expires_at, h.purpose, h.channel,
    h.subject, h.reference_kind, h.reference_id, h.line_id, x.part, h.created_at, h.settled_at, h.id, p_now
  FROM unnest(v_ids[cardinality(v_ids) - cardinality(v_named) + 1 :], v_named, v_parts) AS x (id, unit, part);
  WITH taken AS (
    UPDATE serial_unit u SET status = 'HELD', version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) RETURNING u.id)
  INSERT INTO unit_dirty SELECT p_tenant, id FROM taken ON CONFLICT DO NOTHING;
  RETURN v_ids;
END $fn$;

-- The units of a claimed sale's line have changed: whoever asks for the claim again is told the new ones.
CREATE FUNCTION sale_claim_retell(p_tenant uuid, p_sale uuid, p_line text) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  v_units jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(jsonb_build_object('serialUnitId', u.id, 'serial', u.serial, 'stockNumber', u.stock_number) ORDER BY u.received_at, u.id), '[]')
  INTO v_units FROM (
    SELECT h.serial_unit_id FROM hold h WHERE h.tenant_id = p_tenant AND h.reference_kind = 'SALE' AND h.reference_id = p_sale::text
      AND h.line_id = p_line AND h.status IN ('LIVE', 'SOLD') AND h.serial_unit_id IS NOT NULL) h
  CROSS JOIN LATERAL (SELECT * FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.id = h.serial_unit_id OFFSET 0) u;
  UPDATE sale_claim c SET updated_at = clock_timestamp(), answer = jsonb_set(c.answer, '{lines}', (
    SELECT jsonb_agg(CASE WHEN x.line ->> 'lineId' = p_line THEN x.line || jsonb_build_object('units', v_units) ELSE x.line END ORDER BY x.ord)
    FROM jsonb_array_elements(c.answer -> 'lines') WITH ORDINALITY AS x (line, ord)))
  WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale AND c.answer IS NOT NULL;
END $fn$;

-- The units that somebody names for an item at a location, in their order: each {serial} or {serialUnitId}. Answers the
-- ids, or the first that cannot be had; p_own may name its own unit. The caller has locked the level.
CREATE FUNCTION unit_find_free(p_tenant uuid, p_item uuid, p_location uuid, p_named jsonb, p_own uuid, OUT ids uuid[], OUT refused jsonb)
LANGUAGE plpgsql AS $fn$
DECLARE
  u serial_unit; r record;
BEGIN
  ids := '{}';
  FOR r IN SELECT q.* FROM ROWS FROM (jsonb_to_recordset(p_named) AS (serial text, "serialUnitId" uuid)) WITH ORDINALITY AS q (serial, unit, ord) ORDER BY q.ord LOOP
    u := NULL;
    IF r.unit IS NOT NULL THEN
      SELECT * INTO u FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.id = r.unit AND x.stock_item_id = p_item FOR NO KEY UPDATE;
    ELSE
      -- A serial value first, the stock number for pieces that carry no serial: as for a hold.
      SELECT * INTO u FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_item_id = p_item AND x.serial = r.serial FOR NO KEY UPDATE;
      IF u.id IS NULL THEN
        SELECT * INTO u FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_number = r.serial AND x.stock_item_id = p_item FOR NO KEY UPDATE;
      END IF;
    END IF;
    IF u.id IS NULL THEN
      refused := jsonb_build_object('outcome', 'NO_SUCH_UNIT', 'name', coalesce(r.serial, r.unit::text));
    ELSIF u.id = ANY (ids) THEN
      refused := jsonb_build_object('outcome', 'NAMED_TWICE', 'name', coalesce(r.serial, r.unit::text), 'index', r.ord - 1);
    ELSIF (u.status <> 'AVAILABLE' AND u.id IS DISTINCT FROM p_own) OR u.location_id <> p_location THEN
      SELECT jsonb_build_object('outcome', CASE WHEN u.status <> 'AVAILABLE' THEN 'UNIT_TAKEN' ELSE 'UNIT_ELSEWHERE' END,
        'serialUnitId', u.id, 'serial', u.serial, 'stockNumber', u.stock_number, 'unitStatus', u.status,
        'heldBy', CASE WHEN h.reference_kind = 'SALE' THEN 'SALE' ELSE h.purpose END, 'heldUntil', h.expires_at,
        'locationCode', (SELECT c.code FROM location c WHERE c.tenant_id = p_tenant AND c.id = u.location_id))
      INTO refused FROM (VALUES (1)) one
      LEFT JOIN hold h ON h.tenant_id = p_tenant AND h.serial_unit_id = u.id AND h.status IN ('LIVE', 'SOLD');
    END IF;
    IF refused IS NOT NULL THEN RETURN; END IF;
    ids := ids || u.id;
  END LOOP;
END $fn$;

-- p_units: by hand. Else p_quantity units by p_rule (null: the tenant's) at the hold's location.
CREATE FUNCTION hold_allocate(p_tenant uuid, p_hold uuid, p_units jsonb, p_quantity integer, p_rule text) RETURNS jsonb LANGUAGE plpgsql AS $fn$
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
  IF h.reference_kind = 'SALE' THEN PERFORM sale_claim_retell(p_tenant, h.reference_id::uuid, h.line_id); END IF;
  RETURN jsonb_build_object('outcome', 'DONE', 'holdIds', v_ids);
END $fn$;

-- Another free unit in place of the hold's. The old unit's time under this hold becomes a row of its own, and
-- the hold starts anew with its new unit: at every instant of the past each unit is told right, and so is the sum.
CREATE FUNCTION hold_reallocate(p_tenant uuid, p_hold uuid, p_unit jsonb) RETURNS jsonb LANGUAGE plpgsql AS $fn$
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
    IF h.reference_kind = 'SALE' THEN PERFORM sale_claim_retell(p_tenant, h.reference_id::uuid, h.line_id); END IF;
  END IF;
  RETURN jsonb_build_object('outcome', 'DONE', 'holdIds', ARRAY[h.id]);
END $fn$;

-- Lines of several SKUs, each decided as hold_place decides it. Missing levels first, then the locks of all
-- levels of all items in key order: from then on no SKU waits for another. p_requests: [{"sku", …as for hold_place}]. Answers
-- in their order; when one is refused, the caller rolls all back.
CREATE FUNCTION hold_place_all(p_tenant uuid, p_requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_items uuid[]; v_answers jsonb[]; v_placed jsonb;
  r record;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  v_items := ARRAY(SELECT i.id FROM stock_item i WHERE i.tenant_id = p_tenant
    AND i.sku = ANY (ARRAY(SELECT q ->> 'sku' FROM jsonb_array_elements(p_requests) q)) ORDER BY i.id);
  INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
  SELECT DISTINCT p_tenant, i.id, c.id, i.backorder_limit
  FROM jsonb_to_recordset(p_requests) AS q (sku text, "locationId" uuid)
  CROSS JOIN LATERAL (
    SELECT x.id, x.backorder_limit FROM stock_item x
    WHERE x.tenant_id = p_tenant AND x.sku = q.sku AND x.backorder_limit > 0 OFFSET 0) i
  JOIN location c ON c.tenant_id = p_tenant AND (c.id = q."locationId" OR q."locationId" IS NULL AND c.code = (
    SELECT min(f.code) FROM location f WHERE f.tenant_id = p_tenant AND NOT EXISTS (
      SELECT FROM level x WHERE x.tenant_id = p_tenant AND x.stock_item_id = i.id)))
  ORDER BY 2, 3 ON CONFLICT DO NOTHING;
  PERFORM level_lock(p_tenant, v_items, array_fill(NULL::uuid, ARRAY[cardinality(v_items)]));
  FOR r IN
    SELECT q.line ->> 'sku' AS sku, jsonb_agg(q.line ORDER BY q.ord) AS lines, array_agg(q.ord::integer ORDER BY q.ord) AS ords
    FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS q (line, ord) GROUP BY 1 ORDER BY 1
  LOOP
    v_placed := hold_place(p_tenant, r.sku, r.lines);
    FOR n IN 1 .. cardinality(r.ords) LOOP
      v_answers[r.ords[n]] := jsonb_build_object('item', v_placed -> 'item')
        || coalesce(v_placed -> 'answers' -> (n - 1), '{"outcome": "NO_SUCH_ITEM"}');
    END LOOP;
  END LOOP;
  RETURN to_jsonb(v_answers);
END $fn$;

${[
  'unit_unregistered(uuid, uuid, uuid)',
  'hold_release(uuid, uuid, text, text)',
  'hold_release(uuid, uuid, text, text, integer)',
  'hold_extend(uuid, uuid, text, integer)',
  'hold_harden(uuid, uuid)',
  'hold_allocate(uuid, uuid, jsonb, integer, text)',
  'hold_reallocate(uuid, uuid, jsonb)',
  'hold_place_all(uuid, jsonb)',
]
  .map(
    (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION ${name} SET enable_seqscan = off;`,
  )
  .join('\n')}
`,
);
