import { migration } from '@onecount/db';

/**
 * The way into every change of stock: lock the levels in key order, let holds go whose time has
 * come, then look. Whoever holds the lock of a level may change its holds and the status of the
 * units that stand there; nobody else may (ADR 0050).
 */
export const CreateLevelLock1795200000004 = migration(
  'CreateLevelLock1795200000004',
  `
-- The functions below look rows up by whole keys, one level or one array of ids at a time, and never join a
-- list of keys: on a young table the planner takes a join on the tenant alone for as cheap, keeps that
-- plan, and a hold then costs the more the more holds the tenant has (ADR 0050 has the figures).

-- Units that a hold let go, free again and marked for publishing. The caller has locked their levels.
CREATE FUNCTION unit_let_go(p_tenant uuid, p_units uuid[]) RETURNS void LANGUAGE sql AS $fn$
  WITH freed AS (
    UPDATE serial_unit u SET status = 'AVAILABLE', version = u.version + 1
    WHERE u.tenant_id = p_tenant AND u.id = ANY (p_units) AND u.status = 'HELD'
    RETURNING u.id
  )
  INSERT INTO unit_dirty SELECT p_tenant, id FROM freed ON CONFLICT DO NOTHING
$fn$;

-- Writes a change of on_hand and committed to a locked level and marks it for publishing.
CREATE FUNCTION level_change(p_tenant uuid, p_item uuid, p_location uuid, p_on_hand integer, p_committed integer, p_now timestamptz,
  OUT on_hand integer, OUT version bigint)
LANGUAGE plpgsql AS $fn$
BEGIN
  UPDATE level l SET on_hand = l.on_hand + p_on_hand, committed = l.committed + p_committed,
                     version = l.version + 1, updated_at = p_now
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item AND l.location_id = p_location
  RETURNING l.on_hand, l.version INTO STRICT level_change.on_hand, level_change.version;
  INSERT INTO level_dirty VALUES (p_tenant, p_item, p_location) ON CONFLICT DO NOTHING;
END $fn$;

-- Settles what expired on a level that the caller has locked.
CREATE FUNCTION hold_settle(p_tenant uuid, p_item uuid, p_location uuid, p_now timestamptz) RETURNS integer LANGUAGE plpgsql AS $fn$
DECLARE
  v_count integer; v_quantity integer; v_units uuid[];
BEGIN
  WITH settled AS (
    UPDATE hold h SET status = 'EXPIRED', settled_at = p_now
    WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = p_location
      AND h.status = 'LIVE' AND h.expires_at <= p_now
    RETURNING h.quantity, h.serial_unit_id
  )
  SELECT count(*), coalesce(sum(quantity), 0), array_agg(serial_unit_id) FILTER (WHERE serial_unit_id IS NOT NULL)
  INTO v_count, v_quantity, v_units FROM settled;
  IF v_count = 0 THEN RETURN 0; END IF;
  PERFORM level_change(p_tenant, p_item, p_location, 0, -v_quantity, p_now);
  IF v_units IS NOT NULL THEN PERFORM unit_let_go(p_tenant, v_units); END IF;
  RETURN v_count;
END $fn$;

-- Locks levels in key order, settles what expired, and answers their newest state as parallel arrays.
-- p_locations[n] null stands for every level of p_items[n].
CREATE FUNCTION level_lock(p_tenant uuid, p_items uuid[], p_locations uuid[],
  OUT items uuid[], OUT locations uuid[], OUT codes text[], OUT available integer[], OUT floors integer[], OUT locked_at timestamptz)
LANGUAGE plpgsql AS $fn$
DECLARE
  v_settled integer;
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
    v_settled := 0;
    FOR n IN 1 .. coalesce(cardinality(items), 0) LOOP
      -- One probe of an index where nothing has expired, which is nearly always.
      IF EXISTS (SELECT FROM hold h WHERE h.tenant_id = p_tenant AND h.stock_item_id = items[n] AND h.location_id = locations[n]
                   AND h.status = 'LIVE' AND h.expires_at <= locked_at) THEN
        v_settled := v_settled + hold_settle(p_tenant, items[n], locations[n], locked_at);
      END IF;
    END LOOP;
    EXIT WHEN v_settled = 0;
  END LOOP;
END $fn$;

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
    v_settled := v_settled + hold_settle(r.tenant_id, r.stock_item_id, r.location_id, v_now);
  END LOOP;
  RETURN v_settled;
END $fn$;
`,
);
