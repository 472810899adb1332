-- Movements, levels and events of lines whose levels are locked; after those that sell the count is over. A movement occurred at its
-- line's scan, so that another count whose scans came later knows of it.
CREATE OR REPLACE FUNCTION stocktake_write(
  p_tenant uuid,
  p_stocktake uuid,
  p_zero boolean,
  p_exclude uuid[],
  p_selling boolean,
  p_actor text,
  p_traceparent text
) RETURNS integer LANGUAGE plpgsql
SET jit = off
SET work_mem = '64MB'
AS $fn$
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
