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
    needs_recount, unit_status, first_at, last_at, level_version)
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
  ), generic AS (
    SELECT i.id AS item, i.sku, t.counted, w.first_at, w.last_at, coalesce(l.version, 0) AS version,
           coalesce(l.on_hand, 0) - coalesce(u.registered, 0) - m.later AS expected,
           m.is_between OR i.tracking = 'SERIAL' AND (
             -- More than the ledger knows without a number: their own codes must be scanned. And what got a number
             -- since the first scan is not told apart from what had none.
             coalesce(t.counted, 0) > coalesce(l.on_hand, 0) - coalesce(u.registered, 0) - m.later
             OR EXISTS (SELECT FROM serial_unit x JOIN serial_unit_change g ON g.tenant_id = x.tenant_id AND g.serial_unit_id = x.id
                        WHERE x.tenant_id = p_tenant AND x.stock_item_id = i.id AND g.kind IN ('REGISTERED', 'COLLAPSED')
                          AND g.occurred_at > w.first_at)) AS needs_recount
    FROM item i
    LEFT JOIN tally t ON t.stock_item_id = i.id
    LEFT JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = i.id AND l.location_id = s.location_id
    CROSS JOIN LATERAL (SELECT coalesce(t.first_at, i.begun_at) AS first_at, coalesce(t.last_at, s.reviewed_at) AS last_at) w
    LEFT JOIN LATERAL (
      SELECT count(*)::integer AS registered FROM serial_unit x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = i.id AND x.location_id = s.location_id
        AND x.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')) u ON i.tracking = 'SERIAL'
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.quantity) FILTER (WHERE x.occurred_at > w.last_at), 0)::integer AS later,
             coalesce(bool_or(x.occurred_at <= w.last_at), false) AS is_between
      FROM movement x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = i.id AND x.location_id = s.location_id AND x.occurred_at > w.first_at
        AND (i.tracking = 'QUANTITY' OR x.serial_unit_id IS NULL)) m
    WHERE t.stock_item_id IS NOT NULL OR i.in_scope AND l.on_hand <> 0
  ), unit AS (
    -- Scanned: it was there then, so what matters is whether it should have been.
    SELECT i.id AS item, i.sku, u.id, u.status, 1 AS counted, c.first_at AS at,
           (u.location_id = s.location_id AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')) AS is_here,
           coalesce(m.later, 0) AS later
    FROM seen c JOIN item i ON i.id = c.stock_item_id AND i.tracking = 'SERIAL'
    JOIN serial_unit u ON u.tenant_id = p_tenant AND u.id = c.serial_unit_id
    LEFT JOIN LATERAL (
      SELECT sum(x.quantity)::integer AS later FROM movement x
      WHERE x.tenant_id = p_tenant AND x.serial_unit_id = u.id AND x.location_id = s.location_id AND x.occurred_at > c.first_at) m ON true
    UNION ALL
    -- Never scanned, though it stood here all the time. On the bench it need not lie on its shelf.
    SELECT i.id, i.sku, u.id, u.status, 0, s.reviewed_at, true, 0
    FROM item i
    JOIN serial_unit u ON u.tenant_id = p_tenant AND u.stock_item_id = i.id AND u.location_id = s.location_id
      AND u.status IN ('AVAILABLE', 'HELD', 'RETURNED')
    WHERE i.tracking = 'SERIAL' AND i.in_scope
      AND NOT EXISTS (SELECT FROM seen c WHERE c.serial_unit_id = u.id)
      AND NOT EXISTS (SELECT FROM movement x WHERE x.tenant_id = p_tenant AND x.serial_unit_id = u.id AND x.occurred_at > i.begun_at)
      AND NOT EXISTS (SELECT FROM serial_unit_change g WHERE g.tenant_id = p_tenant AND g.serial_unit_id = u.id
                        AND g.kind = 'REGISTERED' AND g.occurred_at > i.begun_at)
  ), found AS (
    SELECT g.item, NULL::uuid AS unit, g.sku, g.counted, g.expected, g.needs_recount, NULL::text AS status, g.first_at, g.last_at, g.version,
           CASE WHEN g.counted IS NULL THEN 'NOT_COUNTED' WHEN g.counted > g.expected THEN 'SURPLUS'
                WHEN g.counted < g.expected THEN 'SHORTAGE' ELSE 'MATCHES' END AS finding,
           nullif(coalesce(g.counted, 0) - g.expected, 0) AS change
    FROM generic g WHERE g.counted IS NOT NULL OR g.expected <> 0
    UNION ALL
    SELECT u.item, u.id, u.sku, u.counted, CASE WHEN u.is_here OR u.later < 0 THEN 1 ELSE 0 END, false, u.status, u.at, u.at, coalesce(l.version, 0),
           CASE WHEN u.counted = 0 THEN 'UNIT_MISSING' WHEN u.is_here OR u.later < 0 THEN 'MATCHES'
                WHEN u.status = 'LOST' THEN 'UNIT_FOUND_AGAIN' ELSE 'UNIT_UNEXPECTED' END,
           CASE WHEN u.counted = 0 THEN -1 WHEN u.is_here OR u.later < 0 THEN NULL WHEN u.status = 'LOST' THEN 1 END
    FROM unit u LEFT JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = u.item AND l.location_id = s.location_id
  )
  SELECT p_tenant, p_stocktake, f.item, f.unit, f.sku, f.finding, f.counted, f.expected, f.change, f.needs_recount, f.status,
         f.first_at, f.last_at, f.version
  FROM found f ORDER BY f.sku, f.unit;
END $fn$;

-- Lines whose level has changed since they were computed are computed anew; answers how many items that were.
CREATE FUNCTION stocktake_refresh(p_tenant uuid, p_stocktake uuid) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_items uuid[];
BEGIN
  SELECT array_agg(DISTINCT n.stock_item_id) INTO v_items
  FROM stocktake_line n
  JOIN stocktake s ON s.tenant_id = n.tenant_id AND s.id = n.stocktake_id
  JOIN level l ON l.tenant_id = n.tenant_id AND l.stock_item_id = n.stock_item_id AND l.location_id = s.location_id
  WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND l.version <> n.level_version;
  IF v_items IS NOT NULL THEN PERFORM stocktake_compute(p_tenant, p_stocktake, v_items); END IF;
  RETURN coalesce(cardinality(v_items), 0);
END $fn$;

-- What posting changes. p_zero: what nobody scanned is not there.
CREATE FUNCTION stocktake_changes(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[]) RETURNS SETOF stocktake_line
LANGUAGE sql STABLE AS $fn$
  SELECT n.* FROM stocktake_line n
  WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.change IS NOT NULL
    AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude)
$fn$;

-- Claimed sales whose movements are still to come and that were claimed before a line's scan: whether they had left
-- the shelf when it was counted, the movement will tell. A claim after the scan changes nothing of it.
CREATE FUNCTION stocktake_sales_in_flight(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[]) RETURNS uuid[]
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
$fn$;

-- Lines that cannot be posted as they are, at most 100 of them, and why.
CREATE FUNCTION stocktake_blocked(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_with_levels boolean) RETURNS jsonb
LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_blocked jsonb;
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  WITH blocked AS (
    SELECT n.id, 'NEEDS_RECOUNT' AS reason FROM stocktake_line n
    WHERE n.tenant_id = p_tenant AND n.stocktake_id = p_stocktake AND n.needs_recount
      AND (p_zero OR n.finding <> 'NOT_COUNTED') AND n.stock_item_id <> ALL (p_exclude)
    UNION ALL
    SELECT n.id, 'HELD' FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n
    WHERE p_with_levels AND n.finding = 'UNIT_MISSING' AND n.unit_status <> 'AVAILABLE'
    UNION ALL
    SELECT n.id, 'HELD'
    FROM (SELECT x.stock_item_id, sum(x.change) AS change FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) x
          GROUP BY 1 HAVING sum(x.change) < 0) d
    JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = d.stock_item_id AND l.location_id = v_place
    JOIN stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n ON n.stock_item_id = d.stock_item_id
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

-- Before any level is locked: the items stand still, changed lines are computed anew, levels are there.
CREATE FUNCTION stocktake_prepare(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_sales uuid[]; v_blocked jsonb;
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  PERFORM i.id FROM stock_item i
  WHERE i.tenant_id = p_tenant AND i.id IN (SELECT n.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, true, p_exclude) n)
  ORDER BY i.id FOR SHARE OF i;
  PERFORM stocktake_refresh(p_tenant, p_stocktake);
  v_sales := stocktake_sales_in_flight(p_tenant, p_stocktake, p_zero, p_exclude);
  IF v_sales IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'SALES_IN_FLIGHT', 'saleIds', v_sales); END IF;
  v_blocked := stocktake_blocked(p_tenant, p_stocktake, p_zero, p_exclude, false);
  IF v_blocked IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'BLOCKED') || v_blocked; END IF;
  INSERT INTO level (tenant_id, stock_item_id, location_id, backorder_limit)
  SELECT DISTINCT p_tenant, i.id, v_place, i.backorder_limit
  FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n
  JOIN stock_item i ON i.tenant_id = p_tenant AND i.id = n.stock_item_id
  WHERE NOT EXISTS (SELECT FROM level l WHERE l.tenant_id = p_tenant AND l.stock_item_id = n.stock_item_id AND l.location_id = v_place)
  ORDER BY i.id ON CONFLICT DO NOTHING;
  RETURN '{"outcome": "READY"}';
END $fn$;

-- Locks the levels of what is to be posted, in key order, and decides again what changed while it waited. The
-- differences are exact from here on: nothing else moves these levels.
CREATE FUNCTION stocktake_lock(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_sales uuid[]; v_blocked jsonb; v_items uuid[]; v_now timestamptz;
  r record;
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  SELECT array_agg(x.id) INTO v_items FROM (
    SELECT l.stock_item_id AS id FROM level l
    WHERE l.tenant_id = p_tenant AND l.location_id = v_place
      AND l.stock_item_id IN (SELECT n.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n)
    ORDER BY l.stock_item_id FOR NO KEY UPDATE OF l) x;
  v_now := clock_timestamp();
  FOR r IN
    SELECT DISTINCT h.stock_item_id FROM hold h
    WHERE h.tenant_id = p_tenant AND h.location_id = v_place AND h.status = 'LIVE' AND h.expires_at <= v_now
      AND h.stock_item_id IN (SELECT n.stock_item_id FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n)
  LOOP
    PERFORM hold_settle(p_tenant, r.stock_item_id, v_place, v_now);
  END LOOP;
  SELECT array_agg(DISTINCT n.stock_item_id) INTO v_items
  FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n
  JOIN level l ON l.tenant_id = p_tenant AND l.stock_item_id = n.stock_item_id AND l.location_id = v_place
  WHERE l.version <> n.level_version;
  IF v_items IS NOT NULL THEN PERFORM stocktake_compute(p_tenant, p_stocktake, v_items); END IF;
  v_sales := stocktake_sales_in_flight(p_tenant, p_stocktake, p_zero, p_exclude);
  IF v_sales IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'SALES_IN_FLIGHT', 'saleIds', v_sales); END IF;
  v_blocked := stocktake_blocked(p_tenant, p_stocktake, p_zero, p_exclude, true);
  IF v_blocked IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'BLOCKED') || v_blocked; END IF;
  RETURN jsonb_build_object('outcome', 'LOCKED', 'locationId', v_place, 'units', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('unitId', n.serial_unit_id, 'isFound', n.change = 1) ORDER BY n.serial_unit_id), '[]')
    FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n WHERE n.serial_unit_id IS NOT NULL));
END $fn$;

-- Movements, levels and events of a count whose levels are locked; then the count is over. A movement occurred at its
-- line's scan, so that another count whose scans came later knows of it.
CREATE FUNCTION stocktake_write(p_tenant uuid, p_stocktake uuid, p_zero boolean, p_exclude uuid[], p_actor text, p_traceparent text) RETURNS integer
LANGUAGE plpgsql AS $fn$
DECLARE
  v_place uuid; v_now timestamptz := clock_timestamp(); v_ids uuid[];
BEGIN
  SELECT s.location_id INTO v_place FROM stocktake s WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  WITH change AS (
    SELECT n.*, sum(n.change) OVER (PARTITION BY n.stock_item_id ORDER BY n.id) AS so_far
    FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n
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
        FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n GROUP BY 1) d
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = d.stock_item_id AND l.location_id = v_place;
  INSERT INTO level_dirty
  SELECT DISTINCT p_tenant, n.stock_item_id, v_place FROM stocktake_changes(p_tenant, p_stocktake, p_zero, p_exclude) n
  ON CONFLICT DO NOTHING;
  PERFORM movement_publish(p_tenant, v_ids, p_traceparent);
  UPDATE stocktake s SET status = 'POSTED', ended_at = v_now, ended_by = p_actor, count_missing_as_zero = p_zero, excluded_item_ids = p_exclude
  WHERE s.tenant_id = p_tenant AND s.id = p_stocktake;
  RETURN cardinality(v_ids);
END $fn$;

${[
  'stocktake_compute(uuid, uuid, uuid[])',
  'stocktake_refresh(uuid, uuid)',
  'stocktake_blocked(uuid, uuid, boolean, uuid[], boolean)',
  'stocktake_prepare(uuid, uuid, boolean, uuid[])',
  'stocktake_lock(uuid, uuid, boolean, uuid[])',
  'stocktake_write(uuid, uuid, boolean, uuid[], text, text)',
]
  .map(
    // Planned for what is asked: one changed item and a hundred thousand want other plans.
    (name) => `ALTER FUNCTION ${name} SET plan_cache_mode = force_custom_plan;
ALTER FUNCTION ${name} SET jit = off;
ALTER FUNCTION ${name} SET work_mem = '64MB';`,
  )
  .join('\n')}
`,
);
