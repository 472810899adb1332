import { migration } from '@onecount/db';

/**
 * The way into every change of stock: lock the levels in key order, let holds go whose time has
 * come, then look. Whoever holds the lock of a level may change its holds and the status of the
 * units that stand there; nobody else may (ADR 0050).
 */
export const CreateLevelLock1795200000004 = migration(
  'CreateLevelLock1795200000004',
  `
-- Settles what expired on levels that the caller has locked. Only for callers that hold these locks.
CREATE FUNCTION hold_settle(p_tenant uuid, p_items uuid[], p_locations uuid[], p_now timestamptz)
RETURNS integer LANGUAGE sql AS $fn$
  WITH settled AS (
    UPDATE hold h SET status = 'EXPIRED', settled_at = p_now
    FROM unnest(p_items, p_locations) AS k (item, location)
    WHERE h.tenant_id = p_tenant AND h.stock_item_id = k.item AND h.location_id = k.location
      AND h.status = 'LIVE' AND h.expires_at <= p_now
    RETURNING h.stock_item_id, h.location_id, h.quantity, h.serial_unit_id
  ), freed AS (
    UPDATE serial_unit u SET status = 'AVAILABLE', version = u.version + 1
    FROM settled s WHERE u.tenant_id = p_tenant AND u.id = s.serial_unit_id AND u.status = 'HELD'
    RETURNING u.id
  ), lowered AS (
    UPDATE level l SET committed = l.committed - s.quantity, version = l.version + 1, updated_at = p_now
    FROM (SELECT stock_item_id, location_id, sum(quantity) AS quantity FROM settled GROUP BY 1, 2) s
    WHERE l.tenant_id = p_tenant AND l.stock_item_id = s.stock_item_id AND l.location_id = s.location_id
    RETURNING l.stock_item_id, l.location_id
  ), unit_marked AS (
    INSERT INTO unit_dirty SELECT p_tenant, id FROM freed ON CONFLICT DO NOTHING
  ), level_marked AS (
    INSERT INTO level_dirty SELECT p_tenant, stock_item_id, location_id FROM lowered ON CONFLICT DO NOTHING
  )
  SELECT count(*)::integer FROM settled
$fn$;

-- Locks levels in key order, settles what expired, and answers their newest state as parallel arrays.
-- p_locations[n] null stands for every level of p_items[n].
CREATE FUNCTION level_lock(p_tenant uuid, p_items uuid[], p_locations uuid[],
  OUT items uuid[], OUT locations uuid[], OUT codes text[], OUT available integer[], OUT floors integer[], OUT locked_at timestamptz)
LANGUAGE plpgsql AS $fn$
BEGIN
  LOOP
    -- LockRows runs above the sort, so locks are taken in this order, and it re-reads a row it had to
    -- wait for: the values are the newest.
    SELECT array_agg(s.stock_item_id), array_agg(s.location_id), array_agg(s.code),
           array_agg(s.on_hand - s.committed), array_agg(-s.backorder_limit)
    INTO items, locations, codes, available, floors
    FROM (
      SELECT l.stock_item_id, l.location_id, c.code, l.on_hand, l.committed, l.backorder_limit
      FROM level l JOIN location c ON c.tenant_id = l.tenant_id AND c.id = l.location_id
      WHERE l.tenant_id = p_tenant AND l.stock_item_id = ANY (p_items)
        AND EXISTS (SELECT FROM unnest(p_items, p_locations) AS w (item, location)
                    WHERE w.item = l.stock_item_id AND (w.location IS NULL OR w.location = l.location_id))
      ORDER BY l.stock_item_id, l.location_id
      FOR NO KEY UPDATE OF l
    ) s;
    -- After the locks, by the database's clock and not the transaction's start: a hold that expired
    -- while we waited no longer counts.
    locked_at := coalesce(locked_at, clock_timestamp());
    EXIT WHEN items IS NULL OR NOT EXISTS (
      SELECT FROM unnest(items, locations) AS k (item, location)
      JOIN hold h ON h.tenant_id = p_tenant AND h.stock_item_id = k.item AND h.location_id = k.location
      WHERE h.status = 'LIVE' AND h.expires_at <= locked_at);
    PERFORM hold_settle(p_tenant, items, locations, locked_at);
  END LOOP;
END $fn$;

-- Writes changes of committed and on_hand to locked levels and marks them for publishing.
CREATE FUNCTION level_change(p_tenant uuid, p_items uuid[], p_locations uuid[], p_on_hand integer[], p_committed integer[], p_now timestamptz)
RETURNS void LANGUAGE sql AS $fn$
  WITH changed AS (
    UPDATE level l SET on_hand = l.on_hand + d.on_hand, committed = l.committed + d.committed,
                       version = l.version + 1, updated_at = p_now
    FROM unnest(p_items, p_locations, p_on_hand, p_committed) AS d (item, location, on_hand, committed)
    WHERE l.tenant_id = p_tenant AND l.stock_item_id = d.item AND l.location_id = d.location
      AND (d.on_hand <> 0 OR d.committed <> 0)
    RETURNING l.stock_item_id, l.location_id
  )
  INSERT INTO level_dirty SELECT p_tenant, stock_item_id, location_id FROM changed ON CONFLICT DO NOTHING
$fn$;

-- The tidier's step, across tenants: settles a bounded number of levels, so that their events go out.
-- What another transaction has locked is being settled by it already.
CREATE FUNCTION hold_sweep(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_settled integer := 0;
  r record;
BEGIN
  FOR r IN
    SELECT l.tenant_id, l.stock_item_id, l.location_id FROM level l
    JOIN (SELECT DISTINCT h.tenant_id, h.stock_item_id, h.location_id FROM hold h
          WHERE h.status = 'LIVE' AND h.expires_at <= v_now LIMIT p_limit) d
      ON d.tenant_id = l.tenant_id AND d.stock_item_id = l.stock_item_id AND d.location_id = l.location_id
    ORDER BY l.tenant_id, l.stock_item_id, l.location_id
    FOR NO KEY UPDATE OF l SKIP LOCKED
  LOOP
    v_settled := v_settled + hold_settle(r.tenant_id, ARRAY[r.stock_item_id], ARRAY[r.location_id], v_now);
  END LOOP;
  RETURN v_settled;
END $fn$;
`,
);
