-- The lines of a count, or of some of its items (p_items), written anew from one snapshot: on_hand and the movements
-- belong together. expected is on_hand less what moved after the line's last scan.
--
-- Over 100 lines: one statement, because all of it must be seen in one snapshot.
CREATE OR REPLACE FUNCTION stocktake_compute(p_tenant uuid, p_stocktake uuid, p_items uuid[])
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off
SET jit = off
SET work_mem = '64MB'
AS $fn$
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
    SELECT t.stock_item_id, least(sum(t.quantity), 1000000000)::integer AS counted, min(t.scanned_at) AS first_at, max(t.scanned_at) AS last_at
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
