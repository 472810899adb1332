-- Turns the claims of committed sales into movements, of all these sales at once: what a statement costs whatever
-- it writes (checks, indexes and plans are set up at each) is paid once for a group. on_hand and committed drop
-- together, so available does not move a second time. Runs inside the inbox's transaction; answers how many
-- movements there are. Null: nothing was written, because a sale among them is for sale_apply to look at: it has no
-- claim, its claim was released, or, unless p_is_checked, a claim on a serial item names no unit.
CREATE OR REPLACE FUNCTION sales_apply(
  p_tenant uuid,
  p_sales uuid[],
  p_at timestamptz[],
  p_traceparents text[],
  p_actor text,
  p_is_checked boolean
) RETURNS integer LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $fn$
DECLARE
  v_claimed uuid[]; v_known bigint; v_now timestamptz; v_movements uuid[];
  h record;                                                              -- the claims, level by level, as parallel arrays
  u record;
BEGIN
  PERFORM sales_lock(p_tenant, p_sales);
  SELECT array_agg(c.sale_id) FILTER (WHERE c.status = 'CLAIMED'), count(*) INTO v_claimed, v_known
  FROM sale_claim c WHERE c.tenant_id = p_tenant AND c.sale_id = ANY (p_sales) AND c.status <> 'RELEASED';
  IF v_known < cardinality(p_sales) THEN RETURN NULL; END IF;
  v_now := clock_timestamp();
  SELECT array_agg(s.id) AS ids, array_agg(s.stock_item_id) AS items, array_agg(s.location_id) AS places, array_agg(s.quantity) AS quantities,
         array_agg(s.serial_unit_id) AS units, array_agg(s.reference_id) AS sales, array_agg(s.line_id) AS lines,
         array_agg(s.at) AS at, array_agg(s.traceparent) AS traceparents,
         bool_or(s.serial_unit_id IS NULL AND s.tracking = 'SERIAL') AS has_unnamed, bool_or(s.serial_unit_id IS NOT NULL) AS has_units
  INTO h FROM (
    SELECT x.*, i.tracking, q.at, q.traceparent
    FROM ROWS FROM (unnest(p_sales), unnest(p_at), unnest(p_traceparents)) WITH ORDINALITY AS q (sale, at, traceparent, ord)
    CROSS JOIN LATERAL (
      SELECT * FROM hold y WHERE y.tenant_id = p_tenant AND y.reference_kind = 'SALE' AND y.reference_id = q.sale::text
        AND y.status = 'LIVE' OFFSET 0) x
    CROSS JOIN LATERAL (SELECT y.tracking FROM stock_item y WHERE y.tenant_id = p_tenant AND y.id = x.stock_item_id OFFSET 0) i
    WHERE q.sale = ANY (v_claimed)
    ORDER BY x.stock_item_id, x.location_id, q.ord, x.line_id, x.part) s;
  IF h.has_unnamed AND NOT p_is_checked THEN RETURN NULL; END IF;
  UPDATE sale_claim c SET status = 'APPLIED', updated_at = v_now WHERE c.tenant_id = p_tenant AND c.sale_id = ANY (v_claimed);
  IF h.ids IS NULL THEN RETURN 0; END IF;

  UPDATE hold x SET status = 'SOLD', settled_at = v_now WHERE x.tenant_id = p_tenant AND x.id = ANY (h.ids);
  -- In the order of the items: what goods cost is locked by the movements' trigger, and so in one order by everybody.
  WITH gone AS (
    SELECT t.*, sum(t.quantity) OVER so_far AS taken, row_number() OVER so_far AS nth
    FROM unnest(h.items, h.places, h.quantities, h.units, h.sales, h.lines, h.at)
      WITH ORDINALITY AS t (item, place, quantity, unit, sale, line, at, ord)
    WINDOW so_far AS (PARTITION BY t.item, t.place ORDER BY t.ord)
  ), counted AS (
    UPDATE level l SET on_hand = l.on_hand - d.quantity, committed = l.committed - d.quantity, version = l.version + d.count, updated_at = v_now
    FROM (SELECT item, place, sum(quantity)::integer AS quantity, count(*) AS count FROM gone GROUP BY item, place) d
    WHERE l.tenant_id = p_tenant AND l.stock_item_id = d.item AND l.location_id = d.place
    RETURNING l.stock_item_id AS item, l.location_id AS place, old.on_hand, old.version
  ), dirty AS (
    INSERT INTO level_dirty SELECT p_tenant, item, place FROM counted ON CONFLICT DO NOTHING
  ), moved AS (
    INSERT INTO movement (tenant_id, stock_item_id, location_id, serial_unit_id, quantity, reason, reference_kind, reference_id,
      line_id, actor, resulting_on_hand, level_version, occurred_at)
    SELECT p_tenant, g.item, g.place, g.unit, -g.quantity, 'SALE', 'SALE', g.sale, g.line, p_actor, c.on_hand - g.taken, c.version + g.nth, g.at
    FROM gone g JOIN counted c ON c.item = g.item AND c.place = g.place ORDER BY g.ord
    RETURNING id, position)
  SELECT array_agg(id ORDER BY position) INTO v_movements FROM moved;
  PERFORM movements_publish(p_tenant, v_movements, h.traceparents);

  IF h.has_units THEN
    UPDATE serial_unit x SET status = 'SOLD', sale_id = t.sale::uuid, sold_at = t.at, version = x.version + 1
    FROM unnest(h.units, h.sales, h.at) AS t (unit, sale, at) WHERE x.tenant_id = p_tenant AND x.id = t.unit;
    FOR u IN SELECT array_agg(t.unit) AS ids, t.traceparent FROM unnest(h.units, h.traceparents) AS t (unit, traceparent)
             WHERE t.unit IS NOT NULL GROUP BY t.traceparent LOOP
      PERFORM unit_publish(p_tenant, u.ids, u.traceparent);
    END LOOP;
  END IF;
  RETURN cardinality(v_movements);
END $fn$;
