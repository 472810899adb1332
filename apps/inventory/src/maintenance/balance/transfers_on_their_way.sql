-- What of an item is on its way between two locations, and so in no level: what the ledger says left under a
-- transfer and did not arrive or come back, less what was declared missing. Now the transfers' own lines say it.
CREATE OR REPLACE FUNCTION transfers_on_their_way(p_tenant uuid, p_item uuid, p_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $fn$
BEGIN
  IF p_at IS NULL THEN
    RETURN (SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') FROM (
      SELECT t.id, t.from_location_id AS from_place, t.to_location_id AS to_place, n.quantity
      FROM (SELECT y.transfer_id, sum(y.dispatched - y.received - y.returned - y.missing) AS quantity FROM transfer_line y
            WHERE y.tenant_id = p_tenant AND y.stock_item_id = p_item AND y.dispatched > y.received + y.returned + y.missing
            GROUP BY 1) n
      CROSS JOIN LATERAL (SELECT * FROM transfer y WHERE y.tenant_id = p_tenant AND y.id = n.transfer_id OFFSET 0) t
      ORDER BY t.id LIMIT 100) s);
  END IF;
  RETURN (SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') FROM (
    SELECT t.id, t.from_location_id AS from_place, t.to_location_id AS to_place, n.quantity - m.quantity AS quantity
    FROM (SELECT y.reference_id::uuid AS transfer_id, -sum(y.quantity) AS quantity
          FROM (SELECT * FROM movement z WHERE z.tenant_id = p_tenant AND z.stock_item_id = p_item OFFSET 0) y
          WHERE y.recorded_at <= p_at AND y.reason = 'TRANSFER' AND y.reference_kind = 'TRANSFER'
          GROUP BY 1 HAVING sum(y.quantity) < 0) n
    CROSS JOIN LATERAL (SELECT * FROM transfer y WHERE y.tenant_id = p_tenant AND y.id = n.transfer_id OFFSET 0) t
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(d.quantity), 0) AS quantity FROM transfer_line y
      CROSS JOIN LATERAL (SELECT * FROM transfer_difference z WHERE z.tenant_id = p_tenant AND z.transfer_line_id = y.id OFFSET 0) d
      WHERE y.tenant_id = p_tenant AND y.transfer_id = n.transfer_id AND y.stock_item_id = p_item
        AND d.outcome = 'MISSING' AND d.occurred_at <= p_at) m
    WHERE n.quantity > m.quantity ORDER BY t.id LIMIT 100) s);
END $fn$;
