import { migration } from '@onecount/db';

/**
 * What a count finds, and its posting. Everything here works on sets and prepares what it can before it locks
 * a level: a sale of a counted item waits from the first lock to the commit (ADR 0086 has the figures).
 */
export const PostStocktake1795200000028 = migration(
  'PostStocktake1795200000028',
  `
-- The lines of a count, or of some of its items (p_items), written anew from one snapshot: on_hand and the movements
-- belong together. expected is on_hand less what moved after the line's last scan.
CREATE FUNCTION stocktake_compute(p_tenant uuid, p_stocktake uuid, p_items uuid[]) RETURNS void LANGUAGE plpgsql AS $fn$
DECLARE
  s stocktake;
BEGIN
  SELECT * INTO STRICT s FROM stocktake x WHERE x.tenant_id = p_tenant AND x.id = p_stocktake;
  DELETE FROM stocktake_line n WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake
    AND (p_items IS NULL OR n.stock_item_id = ANY (p_items));
  INSERT INTO stocktake_line (tenant_id, stocktake_id, stock_item_id, serial_unit_id, sku, finding, counted, expected, change,
    needs_recount, unit_status, first_at, last_at, level_version, is_selling)
  WITH since AS MATERIALIZED (
    SELECT r.stock_item_id, max(r.since) AS since FROM stocktake_recount r
    WHERE r.tenant_id = p_tenant AND r.stocktake_id = p_stocktake GROUP BY 1
  ), item AS MATERIALIZED (
    SELECT i.id, i.sku, i.tracking, coalesce(r.since, s.created_at) AS begun_at,
           (s.scope = 'LOCATION' OR s.scope = 'CATEGORY' AND i.category = s.scope_value
             OR s.scope = 'SKU_PREFIX' AND starts_with(i.sku, s.scope_value)) AS in_scope
    FROM stock_item i LEFT JOIN since r ON r.stock_item_id = i.id
    WHERE i.tenant_id = p_tenant AND i.tracking <> 'NONE' AND (p_items IS NULL OR i.id = ANY (p_items))
  ), scan AS MATERIALIZED (
    SELECT c.stock_item_id, c.serial_unit_id, c.code, c.kind, c.quantity, c.scanned_at
    FROM stocktake_scan c LEFT JOIN since r ON r.stock_item_id = c.stock_item_id
    WHERE c.tenant_id = p_tenant AND c.stocktake_id = p_stocktake AND c.outcome = 'COUNTED'
      AND (p_items IS NULL OR c.stock_item_id = ANY (p_items)) AND c.scanned_at > coalesce(r.since, '-infinity')
  ), tally AS MATERIALIZED (
    SELECT t.stock_item_id, sum(t.quantity)::integer AS counted, min(t.scanned_at) AS first_at, max(t.scanned_at) AS last_at
    FROM (SELECT c.stock_item_id, c.quantity, c.scanned_at FROM scan c WHERE c.serial_unit_id IS NULL AND c.kind = 'SCAN'
          UNION ALL
          -- A tag that was heard several times is one piece.
          SELECT c.stock_item_id, 1, max(c.scanned_at) FROM scan c WHERE c.serial_unit_id IS NULL AND c.kind = 'TAG'
          GROUP BY c.stock_item_id, c.code) t
    GROUP BY 1
  ), seen AS MATERIALIZED (
    SELECT c.stock_item_id, c.serial_unit_id, min(c.scanned_at) AS first_at
    FROM scan c WHERE c.serial_unit_id IS NOT NULL GROUP BY 1, 2
  ), moved AS MATERIALIZED (
    -- What moved here since the count began, found by when it was recorded: no more than ten minutes before it occurred,
    -- whatever the clock of a till says.
    SELECT x.stock_item_id, x.serial_unit_id, x.quantity, x.occurred_at FROM movement x
    WHERE x.tenant_id = p_tenant AND x.location_id = s.location_id AND x.recorded_at > s.created_at - interval '10 min'
      AND x.occurred_at > s.created_at AND (p_items IS NULL OR x.stock_item_id = ANY (p_items))
  ), registered AS MATERIALIZED (
    SELECT x.stock_item_id, count(*)::integer AS units FROM serial_unit x
    WHERE x.tenant_id = p_tenant AND x.location_id = s.location_id AND x.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')
      AND (p_items IS NULL OR x.stock_item_id = ANY (p_items))
    GROUP BY 1
  ), counted AS MATERIALIZED (
    SELECT i.id, i.sku, i.tracking, t.counted, coalesce(t.first_at, i.begun_at) AS first_at, coalesce(t.last_at, s.reviewed_at) AS last_at,
           coalesce(l.on_hand, 0) - CASE WHEN i.tracking = 'SERIAL' THEN coalesce(u.units, 0) ELSE 0 END AS on_hand, coalesce(l.version, 0) AS version,
           coalesce(l.updated_at > s.created_at, false) AS is_selling
    FROM item i
    LEFT JOIN tally t ON t.stock_item_id = i.id
    LEFT JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = i.id AND l.location_id = s.location_id
      AND (p_items IS NULL OR l.stock_item_id = ANY (p_items))
    LEFT JOIN registered u ON u.stock_item_id = i.id
    WHERE t.stock_item_id IS NOT NULL OR i.in_scope AND l.on_hand <> 0
  ), since_scan AS MATERIALIZED (
    SELECT c.id, coalesce(sum(m.quantity) FILTER (WHERE m.occurred_at > c.last_at), 0)::integer AS later, bool_or(m.occurred_at <= c.last_at) AS is_between
    FROM counted c
    JOIN moved m ON m.stock_item_id = c.id AND m.occurred_at > c.first_at AND (c.tracking = 'QUANTITY' OR m.serial_unit_id IS NULL)
    GROUP BY 1
  ), generic AS (
    SELECT c.id AS item, c.sku, c.tracking, c.counted, c.first_at, c.last_at, c.version, c.is_selling, c.on_hand - coalesce(m.later, 0) AS expected,
           coalesce(m.is_between, false) AS is_between
    FROM counted c LEFT JOIN since_scan m ON m.id = c.id
  ), unit AS (
    -- Scanned: it was there then, so what matters is whether it should have been.
    SELECT i.id AS item, i.sku, u.id, u.status, 1 AS counted, c.first_at AS at,
           (u.location_id = s.location_id AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')) AS is_here,
           coalesce(m.later, 0) AS later
    FROM seen c JOIN item i ON i.id = c.stock_item_id AND i.tracking = 'SERIAL'
    JOIN serial_unit u ON u.tenant_id = p_tenant AND u.id = c.serial_unit_id AND (p_items IS NULL OR u.stock_item_id = ANY (p_items))
    LEFT JOIN (SELECT x.serial_unit_id, sum(x.quantity)::integer AS later FROM moved x JOIN seen y ON y.serial_unit_id = x.serial_unit_id
               WHERE x.occurred_at > y.first_at GROUP BY 1) m ON m.serial_unit_id = u.id
    UNION ALL
    -- Never scanned, though it stood here all the time. On the bench it need not lie on its shelf.
    SELECT i.id, i.sku, u.id, u.status, 0, s.reviewed_at, true, 0
    FROM item i
    JOIN serial_unit u ON u.tenant_id = p_tenant AND u.stock_item_id = i.id AND u.location_id = s.location_id
      AND u.status IN ('AVAILABLE', 'HELD', 'RETURNED') AND (p_items IS NULL OR u.stock_item_id = ANY (p_items))
    WHERE i.tracking = 'SERIAL' AND i.in_scope
      AND NOT EXISTS (SELECT FROM seen c WHERE c.serial_unit_id = u.id)
      AND NOT EXISTS (SELECT FROM moved x WHERE x.serial_unit_id = u.id AND x.occurred_at > i.begun_at)
      AND NOT EXISTS (SELECT FROM serial_unit_change g WHERE g.tenant_id = p_tenant AND g.serial_unit_id = u.id
                        AND g.kind = 'REGISTERED' AND g.occurred_at > i.begun_at OFFSET 0)
  ), found AS (
    SELECT g.item, NULL::uuid AS unit, g.sku, g.counted, g.expected,
           g.is_between OR CASE WHEN g.tracking = 'SERIAL' THEN
             -- More than the ledger knows without a number: their own codes must be scanned. And what got a number
             -- since the first scan is not told apart from what had none.
             coalesce(g.counted, 0) > g.expected
             OR EXISTS (SELECT FROM serial_unit x WHERE x.tenant_id = p_tenant AND x.stock_item_id = g.item
                          AND EXISTS (SELECT FROM serial_unit_change y WHERE y.tenant_id = p_tenant AND y.serial_unit_id = x.id
                                        AND y.kind IN ('REGISTERED', 'COLLAPSED') AND y.occurred_at > g.first_at OFFSET 0) OFFSET 0)
           ELSE false END AS needs_recount,
           NULL::text AS status, g.first_at, g.last_at, g.version, g.is_selling,
           CASE WHEN g.counted IS NULL THEN 'NOT_COUNTED' WHEN g.counted > g.expected THEN 'SURPLUS'
                WHEN g.counted < g.expected THEN 'SHORTAGE' ELSE 'MATCHES' END AS finding,
           nullif(coalesce(g.counted, 0) - g.expected, 0) AS change
    FROM generic g WHERE g.counted IS NOT NULL OR g.expected <> 0
    UNION ALL
    SELECT u.item, u.id, u.sku, u.counted, CASE WHEN u.is_here OR u.later < 0 THEN 1 ELSE 0 END, false, u.status, u.at, u.at, coalesce(l.version, 0),
           coalesce(l.updated_at > s.created_at, false),
           CASE WHEN u.counted = 0 THEN 'UNIT_MISSING' WHEN u.is_here OR u.later < 0 THEN 'MATCHES'
                WHEN u.status = 'LOST' THEN 'UNIT_FOUND_AGAIN' ELSE 'UNIT_UNEXPECTED' END,
           CASE WHEN u.counted = 0 THEN -1 WHEN u.is_here OR u.later < 0 THEN NULL WHEN u.status = 'LOST' THEN 1 END
    FROM unit u LEFT JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = u.item AND l.location_id = s.location_id
      AND (p_items IS NULL OR l.stock_item_id = ANY (p_items))
  )
  SELECT p_tenant, p_stocktake, f.item, f.unit, f.sku, f.finding, f.counted, f.expected, f.change, f.needs_recount, f.status,
         f.first_at, f.last_at, f.version, f.is_selling
  FROM found f ORDER BY f.sku, f.unit;
END $fn$;

-- What posting changes. p_zero: what nobody scanned is not there. p_selling null: all of it.
CREATE FUNCTION stocktake_changes(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_selling boolean) RETURNS SETOF stocktake_line
LANGUAGE sql STABLE AS $fn$
  SELECT n.* FROM stocktake_line n
  WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.change IS NOT NULL
    AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude)
    AND (p_selling IS NULL OR n.is_selling = p_selling)
$fn$;

-- Items of lines whose level has changed since they were computed: of all lines, or (p_locked) of those to be posted.
CREATE FUNCTION stocktake_stale(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_locked boolean, p_selling boolean) RETURNS uuid[]
LANGUAGE plpgsql AS $fn$
BEGIN
  RETURN (
    SELECT array_agg(DISTINCT n.stock_item_id)
    FROM stocktake s
    JOIN stocktake_line n ON n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake
    JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = n.stock_item_id AND l.location_id = s.location_id
    WHERE s.tenant_id = p_tenant AND s.id = p_stocktake AND l.version <> n.level_version
      AND (NOT p_locked OR n.stock_item_id IN (SELECT c.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) c)));
END $fn$;

-- Items to be posted with holds whose time is over.
CREATE FUNCTION stocktake_lapsed(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_place uuid, p_now timestamptz, p_selling boolean) RETURNS uuid[]
LANGUAGE plpgsql AS $fn$
BEGIN
  RETURN (
    SELECT array_agg(DISTINCT h.stock_item_id) FROM hold h
    WHERE h.tenant_id = p_tenant AND h.location_id = p_place AND h.status = 'LIVE' AND h.expires_at <= p_now
      AND h.stock_item_id IN (SELECT c.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) c));
END $fn$;

-- Claimed sales whose movements are still to come and that were claimed before a line's scan: whether they had left
-- the shelf when it was counted, the movement will tell. A claim after the scan changes nothing of it.
CREATE FUNCTION stocktake_sales_in_flight(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_selling boolean) RETURNS uuid[]
LANGUAGE sql STABLE AS $fn$
  WITH held AS MATERIALIZED (
    SELECT h.stock_item_id, h.serial_unit_id, h.reference_id::uuid AS sale_id
    FROM hold h JOIN stocktake s ON s.tenant_id = h.tenant_id AND s.id = p_stocktake AND s.location_id = h.location_id
    WHERE h.tenant_id = p_tenant AND h.status = 'LIVE' AND h.kind = 'HARD' AND h.reference_kind = 'SALE'
  )
  SELECT array_agg(DISTINCT h.sale_id)
  FROM held h
  JOIN sale_claim c ON c.tenant_id = p_tenant AND c.sale_id = h.sale_id AND c.status = 'CLAIMED'
  JOIN stocktake_line n ON n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.stock_item_id = h.stock_item_id
    AND n.serial_unit_id IS NOT DISTINCT FROM h.serial_unit_id AND n.last_at >= c.created_at
  -- A piece that was scanned was there: where it goes next is no matter of this count.
  WHERE (n.serial_unit_id IS NULL OR n.change IS NOT NULL) AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude)
    AND (p_selling IS NULL OR n.is_selling = p_selling)
$fn$;

-- Lines that cannot be posted as they are, at most 100 of them, and why.
CREATE FUNCTION stocktake_blocked(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_with_levels boolean, p_selling boolean) RETURNS jsonb
LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_blocked jsonb;
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  WITH blocked AS (
    SELECT n.id, 'NEEDS_RECOUNT' AS reason FROM stocktake_line n
    WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.needs_recount
      AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude) AND (p_selling IS NULL OR n.is_selling = p_selling)
    UNION ALL
    SELECT n.id, 'HELD' FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n
    WHERE p_with_levels AND n.finding = 'UNIT_MISSING' AND n.unit_status <> 'AVAILABLE'
    UNION ALL
    SELECT n.id, 'HELD'
    FROM (SELECT x.stock_item_id, sum(x.change) AS change FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) x
          GROUP BY 1 HAVING sum(x.change) < 0) d
    JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = d.stock_item_id AND l.location_id = v_place
    JOIN stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n ON n.stock_item_id = d.stock_item_id
    WHERE p_with_levels AND l.on_hand + d.change - l.committed < -l.backorder_limit AND n.change < 0
  )
  SELECT jsonb_build_object('count', count(*), 'lines', coalesce(jsonb_agg(jsonb_build_object(
      'stockItemId', b.stock_item_id, 'sku', b.sku, 'serialUnitId', b.serial_unit_id, 'reason', b.reason, 'change', b.change,
      'available', b.available) ORDER BY b.sku, b.id) FILTER (WHERE b.place <= 100), '[]'))
  INTO v_blocked
  FROM (
    SELECT n.*, k.reason, l.on_hand - l.committed AS available, row_number() OVER (ORDER BY n.sku, n.id) AS place
    FROM (SELECT b.id, min(b.reason) AS reason FROM blocked b GROUP BY 1) k
    JOIN stocktake_line n ON n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.id = k.id
    LEFT JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = n.stock_item_id AND l.location_id = v_place
  ) b;
  RETURN CASE WHEN v_blocked ->> 'count' = '0' THEN NULL ELSE v_blocked END;
END $fn$;

-- Items whose lines posting may change stand still: their tracking and their limits are what was computed with.
CREATE FUNCTION stocktake_lock_items(p_tenant uuid, p_stocktake uuid, p_exclude uuid[]) RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM i.id FROM stock_item i
  WHERE i.tenant_id = p_tenant AND i.id IN (SELECT n.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, true, p_exclude, NULL) n)
  ORDER BY i.id FOR SHARE OF i;
END $fn$;

-- Locks the levels of what is to be posted in key order.
CREATE FUNCTION stocktake_lock_levels(p_tenant uuid, p_stocktake uuid, p_place uuid, p_zero boolean, p_exclude uuid[], p_selling boolean) RETURNS void
LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM l.stock_item_id FROM level l
  WHERE l.tenant_id = p_tenant AND l.location_id = p_place
    AND l.stock_item_id IN (SELECT n.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n)
  ORDER BY l.stock_item_id FOR NO KEY UPDATE OF l;
END $fn$;

-- Before any level is locked: the items stand still, changed lines are computed anew, levels are there.
CREATE FUNCTION stocktake_prepare(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_sales uuid[]; v_blocked jsonb; v_stale uuid[];
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  PERFORM stocktake_lock_items(p_tenant, p_stocktake, p_exclude);
  v_stale := stocktake_stale(p_tenant, p_stocktake, p_zero, p_exclude, false, NULL);
  IF v_stale IS NOT NULL THEN PERFORM stocktake_compute(p_tenant, p_stocktake, v_stale); END IF;
  v_sales := stocktake_sales_in_flight(p_tenant, p_stocktake, p_zero, p_exclude, NULL);
  IF v_sales IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'SALES_IN_FLIGHT', 'saleIds', v_sales); END IF;
  v_blocked := stocktake_blocked(p_tenant, p_stocktake, p_zero, p_exclude, false, NULL);
  IF v_blocked IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'BLOCKED') || v_blocked; END IF;
  INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
  SELECT DISTINCT p_tenant, i.id, v_place, i.backorder_limit
  FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, NULL) n
  JOIN stock_item i ON i.tenant_id = p_tenant AND i.id = n.stock_item_id
  -- Of a level that was not there when the line was computed, no version is known.
  WHERE n.level_version = 0
  ORDER BY i.id ON CONFLICT DO NOTHING;
  RETURN '{"outcome": "READY"}';
END $fn$;

-- Locks the levels of what is to be posted and decides again what changed while it waited. The differences are
-- exact from here on: nothing else moves these levels. Called twice, like the writing behind it: for what does not
-- sell, which may take long, then (p_selling) for what does. A line that moved under the first call joins the second.
CREATE FUNCTION stocktake_lock(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_selling boolean) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_sales uuid[]; v_blocked jsonb; v_stale uuid[]; v_item uuid; v_now timestamptz;
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  PERFORM stocktake_lock_levels(p_tenant, p_stocktake, v_place, p_zero, p_exclude, p_selling);
  v_now := clock_timestamp();
  -- Each of these changes the version of its level, so that its lines are computed anew.
  FOREACH v_item IN ARRAY coalesce(stocktake_lapsed(p_tenant, p_stocktake, p_zero, p_exclude, v_place, v_now, p_selling), '{}') LOOP
    PERFORM hold_settle(p_tenant, v_item, v_place, v_now);
  END LOOP;
  v_stale := stocktake_stale(p_tenant, p_stocktake, p_zero, p_exclude, true, p_selling);
  IF v_stale IS NOT NULL THEN PERFORM stocktake_compute(p_tenant, p_stocktake, v_stale); END IF;
  v_sales := stocktake_sales_in_flight(p_tenant, p_stocktake, p_zero, p_exclude, p_selling);
  IF v_sales IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'SALES_IN_FLIGHT', 'saleIds', v_sales); END IF;
  v_blocked := stocktake_blocked(p_tenant, p_stocktake, p_zero, p_exclude, true, p_selling);
  IF v_blocked IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'BLOCKED') || v_blocked; END IF;
  RETURN jsonb_build_object('outcome', 'LOCKED', 'locationId', v_place, 'units', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('unitId', n.serial_unit_id, 'isFound', n.change = 1) ORDER BY n.serial_unit_id), '[]')
    FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n WHERE n.serial_unit_id IS NOT NULL));
END $fn$;

-- Movements, levels and events of lines whose levels are locked; after those that sell the count is over. A movement occurred at its
-- line's scan, so that another count whose scans came later knows of it.
CREATE FUNCTION stocktake_write(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_selling boolean, p_actor text, p_traceparent text) RETURNS integer
LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_now timestamptz := clock_timestamp(); v_ids uuid[];
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  WITH change AS (
    SELECT n.*, sum(n.change) OVER (PARTITION BY n.stock_item_id ORDER BY n.id) AS so_far
    FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n
  ), moved AS (
    INSERT INTO movement (tenant_id, id, stock_item_id, location_id, serial_unit_id, quantity, reason, reference_kind, reference_id,
      actor, resulting_on_hand, level_version, occurred_at)
    SELECT p_tenant, n.id, n.stock_item_id, v_place, n.serial_unit_id, n.change, 'COUNT_CORRECTION', 'STOCKTAKE', p_stocktake::text,
      p_actor, l.on_hand + n.so_far, l.version + 1, n.last_at
    FROM change n JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = n.stock_item_id AND l.location_id = v_place
    ORDER BY n.stock_item_id, n.id
    RETURNING id
  )
  SELECT coalesce(array_agg(m.id), '{}') INTO v_ids FROM moved m;
  UPDATE level l SET on_hand = l.on_hand + d.change, version = l.version + 1, updated_at = v_now
  FROM (SELECT n.stock_item_id, sum(n.change)::integer AS change
        FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n GROUP BY 1) d
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = d.stock_item_id AND l.location_id = v_place;
  INSERT INTO level_dirty
  SELECT DISTINCT p_tenant, n.stock_item_id, v_place FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude, p_selling) n
  ON CONFLICT DO NOTHING;
  PERFORM movement_publish(p_tenant, v_ids, p_traceparent);
  IF p_selling THEN
    UPDATE stocktake s SET status = 'POSTED', ended_at = v_now, ended_by = p_actor, count_missing_as_zero = p_zero, excluded_item_ids = p_exclude
    WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  END IF;
  RETURN cardinality(v_ids);
END $fn$;

-- Planned for what is asked: one changed item and a hundred thousand want other plans. The lines are minutes old and
-- no statistics know of them: taken for a few rows, they are met once for each of the others by nested loops, which
-- took hours at 100,000. What has triggers stays out of it, because their plans outlive this call.
${[
  'stocktake_compute(uuid, uuid, uuid[])',
  'stocktake_stale(uuid, uuid, boolean, uuid[], boolean, boolean)',
  'stocktake_lapsed(uuid, uuid, boolean, uuid[], uuid, timestamptz, boolean)',
  'stocktake_blocked(uuid, uuid, boolean, uuid[], boolean, boolean)',
  'stocktake_lock_items(uuid, uuid, uuid[])',
  'stocktake_lock_levels(uuid, uuid, uuid, boolean, uuid[], boolean)',
]
  .map(
    (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_custom_plan;
ALTER FUNCTION ${name} SET enable_nestloop = off;
ALTER FUNCTION ${name} SET jit = off;
ALTER FUNCTION ${name} SET work_mem = '64MB';`,
  )
  .join('\n')}
-- From the few claims that are in flight to their lines, never the other way round.
ALTER FUNCTION stocktake_sales_in_flight(uuid, uuid, boolean, uuid[], boolean) SET enable_hashjoin = off;
ALTER FUNCTION stocktake_sales_in_flight(uuid, uuid, boolean, uuid[], boolean) SET enable_mergejoin = off;
ALTER FUNCTION stocktake_write(uuid, uuid, boolean, uuid[], boolean, text, text) SET jit = off;
ALTER FUNCTION stocktake_write(uuid, uuid, boolean, uuid[], boolean, text, text) SET work_mem = '64MB';
`,
);
