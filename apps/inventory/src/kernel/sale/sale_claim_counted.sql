-- The usual claim, in few statements: lines of different counted items, all of them held whole by the sale or none
-- held at all, of which there is enough where sale_claim would take it; not one that has still to choose its location. Null: it is not that claim. Then nothing was
-- written, and sale_claim decides, under the same locks (ADR 0147).
CREATE OR REPLACE FUNCTION sale_claim_counted(p_tenant uuid, p_sale uuid, p_lines jsonb, p_subject text, p_channel text)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $fn$
DECLARE
  q record;                                                              -- the lines, by item, as parallel arrays
  l record;                                                              -- where each is taken from
  v_now timestamptz; v_answer jsonb;
BEGIN
  PERFORM set_config('app.tenant', p_tenant::text, true);
  PERFORM pg_advisory_xact_lock(sale_lock_key(p_tenant, p_sale::text));
  SELECT array_agg(i.id) AS items, array_agg(i.sku) AS skus, array_agg(t.line) AS lines, array_agg(t.quantity) AS quantities,
         array_agg(t.ord) AS ords, array_agg(coalesce(h.location_id, t.location)) AS places, array_agg(h.id) AS holds, count(h.id) AS held,
         bool_and(i.tracking = 'QUANTITY' AND t.unit IS NULL AND t.serial IS NULL AND h.is_unlike IS NOT TRUE
                  AND (t.anywhere IS NOT TRUE OR h.id IS NOT NULL))
           AND count(DISTINCT i.id) = count(*)
           AND count(h.id) IN (0, count(*)) AND count(h.id) = (
             SELECT count(*) FROM hold x WHERE x.tenant_id = p_tenant AND x.reference_kind = 'SALE' AND x.reference_id = p_sale::text AND x.status = 'LIVE')
           AND NOT EXISTS (SELECT FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = p_sale) AS is_usual
  INTO q FROM ROWS FROM (jsonb_to_recordset(p_lines) AS (
      "lineId" text, "stockItemId" uuid, sku text, quantity integer, "serialUnitId" uuid, serial text, "locationId" uuid,
      "anyLocation" boolean))
    WITH ORDINALITY AS t (line, item, sku, quantity, unit, serial, location, anywhere, ord)
  LEFT JOIN LATERAL (
    SELECT x.id, x.sku, x.tracking FROM stock_item x WHERE t.item IS NOT NULL AND x.tenant_id = p_tenant AND x.id = t.item
    UNION ALL
    SELECT x.id, x.sku, x.tracking FROM stock_item x WHERE t.item IS NULL AND x.tenant_id = p_tenant AND x.sku_key = identifier_key(t.sku)) i ON true
  LEFT JOIN LATERAL (
    SELECT x.id, x.location_id, x.quantity <> t.quantity OR x.stock_item_id <> i.id OR x.serial_unit_id IS NOT NULL AS is_unlike FROM hold x
    WHERE x.tenant_id = p_tenant AND x.reference_kind = 'SALE' AND x.reference_id = p_sale::text AND x.line_id = t.line AND x.status = 'LIVE'
    OFFSET 0) h ON true;
  IF q.is_usual IS NOT TRUE THEN RETURN NULL; END IF;

  -- All places of an item that none was asked for: taken where most is, ties by code. Locked in key order, as
  -- level_lock does; a row that was waited for is read as it is now.
  SELECT array_agg(b.place ORDER BY b.ord) AS places, array_agg(b.code ORDER BY b.ord) AS codes, count(*) AS count,
         bool_and(b.room >= q.quantities[b.ord]) AS has_enough
  INTO l FROM (
    SELECT DISTINCT ON (s.ord) s.* FROM (
      SELECT w.ord, x.location_id AS place, c.code, x.on_hand - x.committed + x.backorder_limit AS room
      FROM unnest(q.items, q.places) WITH ORDINALITY AS w (item, place, ord)
      JOIN level x ON x.tenant_id = p_tenant AND x.stock_item_id = w.item AND (w.place IS NULL OR x.location_id = w.place)
      JOIN location c ON c.tenant_id = p_tenant AND c.id = x.location_id
      ORDER BY x.stock_item_id, x.location_id FOR NO KEY UPDATE OF x) s
    ORDER BY s.ord, s.room DESC, s.code) b;
  v_now := clock_timestamp();
  IF l.count < cardinality(q.items) OR (q.held = 0 AND NOT l.has_enough) OR EXISTS (
      SELECT FROM unnest(q.items) AS w (item)
      JOIN hold h ON h.tenant_id = p_tenant AND h.stock_item_id = w.item AND h.status = 'LIVE' AND h.expires_at <= v_now)
  THEN RETURN NULL; END IF;

  SELECT jsonb_build_object('outcome', 'CLAIMED', 'lines', jsonb_agg(jsonb_build_object('lineId', t.line, 'stockItemId', t.item, 'sku', t.sku,
    'locationId', t.place, 'locationCode', t.code, 'quantity', t.quantity, 'units', '[]'::jsonb) ORDER BY t.ord))
  INTO v_answer FROM unnest(q.lines, q.items, q.skus, q.quantities, q.ords, l.places, l.codes) AS t (line, item, sku, quantity, ord, place, code);
  IF q.held > 0 THEN
    -- One that was settled since it was read is not live any more.
    IF (SELECT count(*) FROM hold h WHERE h.tenant_id = p_tenant AND h.id = ANY (q.holds) AND h.status = 'LIVE') < q.held THEN RETURN NULL; END IF;
    UPDATE hold h SET kind = 'HARD', expires_at = NULL WHERE h.tenant_id = p_tenant AND h.id = ANY (q.holds);
  ELSE
    WITH taken AS (
      SELECT * FROM unnest(q.items, l.places, q.quantities, q.lines) AS t (item, place, quantity, line)
    ), counted AS (
      UPDATE level x SET committed = x.committed + t.quantity, version = x.version + 1, updated_at = v_now
      FROM taken t WHERE x.tenant_id = p_tenant AND x.stock_item_id = t.item AND x.location_id = t.place
    ), dirty AS (
      INSERT INTO level_dirty SELECT p_tenant, t.item, t.place FROM taken t ON CONFLICT DO NOTHING)
    INSERT INTO hold (tenant_id, kind, stock_item_id, location_id, quantity, purpose, channel, subject, reference_kind, reference_id, line_id, created_at)
    SELECT p_tenant, 'HARD', t.item, t.place, t.quantity, 'SALE', p_channel, p_subject, 'SALE', p_sale::text, t.line, v_now FROM taken t;
  END IF;
  INSERT INTO sale_claim (tenant_id, sale_id, status, answer) VALUES (p_tenant, p_sale, 'CLAIMED', v_answer);
  RETURN v_answer;
END $fn$;
