-- on_hand and committed of items at an instant: of each level, the last row of the ledger by then says its on_hand.
CREATE OR REPLACE FUNCTION stock_at(p_tenant uuid, p_items uuid[], p_locations uuid[], p_at timestamptz)
RETURNS TABLE (stock_item_id uuid, location_id uuid, on_hand integer, committed integer) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT k.item, k.place, coalesce(m.resulting_on_hand, 0), coalesce(h.quantity, 0)::integer
  FROM unnest(p_items, p_locations) WITH ORDINALITY AS k (item, place, ord)
  LEFT JOIN LATERAL (
    SELECT x.resulting_on_hand FROM movement x
    WHERE x.tenant_id = p_tenant AND x.stock_item_id = k.item AND x.location_id = k.place AND x.recorded_at <= p_at
    ORDER BY x.recorded_at DESC, x.level_version DESC, x.position DESC LIMIT 1) m ON true
  CROSS JOIN LATERAL (SELECT sum(x.quantity) AS quantity FROM hold_live_at(p_tenant, k.item, k.place, p_at) x) h
  ORDER BY k.ord;
END $fn$;
