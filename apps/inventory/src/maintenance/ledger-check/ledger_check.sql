-- What does not add up for these items. STABLE: all sums are of the one snapshot of the statement that calls it, and
-- every change of stock is one transaction, so that sales under way are no differences.
CREATE OR REPLACE FUNCTION ledger_check(p_tenant uuid, p_items uuid[])
RETURNS TABLE (kind text, stock_item_id uuid, location_id uuid, serial_unit_id uuid, expected text, found text) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH sums AS MATERIALIZED (
    SELECT l.stock_item_id, l.location_id, l.on_hand, l.committed, i.tracking, m.moved, m.unnamed + v.conversions AS unnamed, last.on_hand AS last_on_hand, h.held,
           CASE WHEN i.tracking = 'SERIAL' THEN (
             SELECT count(*) FROM serial_unit u WHERE u.tenant_id = p_tenant AND u.stock_item_id = l.stock_item_id
               AND u.location_id = l.location_id AND u.status IN ('AVAILABLE', 'HELD', 'IN_REPAIR', 'RETURNED')) END AS units
    FROM level l
    CROSS JOIN LATERAL (SELECT x.tracking FROM stock_item x WHERE x.tenant_id = p_tenant AND x.id = l.stock_item_id OFFSET 0) i
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.quantity), 0) AS moved, count(*) FILTER (WHERE x.serial_unit_id IS NULL) AS unnamed FROM movement x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id AND x.location_id = l.location_id) m
    CROSS JOIN LATERAL (
      SELECT count(*) AS conversions FROM stock_item_conversion x WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id) v
    LEFT JOIN LATERAL (
      SELECT x.resulting_on_hand AS on_hand FROM movement x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id AND x.location_id = l.location_id
      ORDER BY x.level_version DESC, x.position DESC LIMIT 1) last ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.quantity), 0) AS held FROM hold x
      WHERE x.tenant_id = p_tenant AND x.stock_item_id = l.stock_item_id AND x.location_id = l.location_id AND x.status = 'LIVE') h
    WHERE l.tenant_id = p_tenant AND l.stock_item_id = ANY (p_items)
  ), units AS MATERIALIZED (
    SELECT u.stock_item_id, u.location_id, u.id, u.status, u.sale_id, c.*
    FROM serial_unit u
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE h.status = 'LIVE') AS live, count(*) FILTER (WHERE h.status = 'SOLD') AS sold,
             min(h.reference_id) FILTER (WHERE h.status = 'SOLD') AS sold_by,
             bool_or(h.stock_item_id <> u.stock_item_id OR h.status = 'LIVE' AND h.location_id <> u.location_id) AS is_astray
      FROM hold h WHERE h.tenant_id = p_tenant AND h.serial_unit_id = u.id AND h.status IN ('LIVE', 'SOLD')) c
    WHERE u.tenant_id = p_tenant AND u.stock_item_id = ANY (p_items)
  )
  SELECT 'ON_HAND', s.stock_item_id, s.location_id, NULL::uuid, s.moved::text, s.on_hand::text FROM sums s WHERE s.on_hand <> s.moved
  UNION ALL
  SELECT 'RUNNING_ON_HAND', s.stock_item_id, s.location_id, NULL, s.moved::text, s.last_on_hand::text FROM sums s WHERE s.last_on_hand <> s.moved
  UNION ALL
  SELECT 'COMMITTED', s.stock_item_id, s.location_id, NULL, s.held::text, s.committed::text FROM sums s WHERE s.committed <> s.held
  UNION ALL
  -- Where every movement named its unit and none was collapsed, each unit on hand is known; else some may not be
  -- registered one by one.
  SELECT 'UNIT_COUNT', s.stock_item_id, s.location_id, NULL, CASE WHEN s.unnamed > 0 THEN 'at most ' ELSE '' END || s.on_hand, s.units::text
  FROM sums s WHERE s.units > s.on_hand OR (s.units < s.on_hand AND s.unnamed = 0)
  UNION ALL
  SELECT 'UNIT_CLAIMS', u.stock_item_id, u.location_id, u.id, 'at most 1', (u.live + u.sold)::text FROM units u WHERE u.live + u.sold > 1
  UNION ALL
  SELECT 'UNIT_PLACE', u.stock_item_id, u.location_id, u.id, 'a claim where the unit is', 'a claim elsewhere' FROM units u WHERE u.is_astray
  UNION ALL
  SELECT 'UNIT_SALE', u.stock_item_id, u.location_id, u.id, u.sold_by, coalesce(u.sale_id::text, 'none') FROM units u
  WHERE u.status = 'SOLD' AND u.sold = 1 AND u.sold_by IS DISTINCT FROM u.sale_id::text
  UNION ALL
  SELECT 'UNIT_STATUS', u.stock_item_id, u.location_id, u.id,
    CASE WHEN u.sold > 0 THEN 'SOLD' WHEN u.live > 0 THEN 'HELD, IN_REPAIR or RETURNED' ELSE 'AVAILABLE, IN_TRANSIT, LOST or SCRAPPED' END, u.status
  FROM units u
  WHERE (u.sold > 0) <> (u.status = 'SOLD') OR (u.sold = 0 AND (u.live > 0) <> (u.status IN ('HELD', 'IN_REPAIR', 'RETURNED')));
END $fn$;
