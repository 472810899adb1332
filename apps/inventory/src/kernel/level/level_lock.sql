-- Locks levels in key order, settles what expired, and answers their newest state as parallel arrays.
-- p_locations[n] null stands for every level of p_items[n].
CREATE OR REPLACE FUNCTION level_lock(
  p_tenant uuid,
  p_items uuid[],
  p_locations uuid[],
  OUT items uuid[],
  OUT locations uuid[],
  OUT codes text[],
  OUT available integer[],
  OUT floors integer[],
  OUT locked_at timestamptz
) LANGUAGE plpgsql AS $fn$
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
