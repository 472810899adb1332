-- The holds that counted on a level at an instant. One that has ended since ended after it: the index leads
-- there, and the order says which index is meant.
CREATE OR REPLACE FUNCTION hold_live_at(p_tenant uuid, p_item uuid, p_location uuid, p_at timestamptz)
RETURNS SETOF hold LANGUAGE sql STABLE AS $fn$
  SELECT * FROM hold h
  WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = p_location AND h.status = 'LIVE'
    AND h.created_at <= p_at AND (h.expires_at IS NULL OR h.expires_at > p_at)
  UNION ALL
  (SELECT * FROM hold h
  WHERE h.tenant_id = p_tenant AND h.stock_item_id = p_item AND h.location_id = p_location AND h.status <> 'LIVE' AND h.settled_at > p_at
    AND h.created_at <= p_at AND (h.expires_at IS NULL OR h.expires_at > p_at)
  ORDER BY h.settled_at)
$fn$;
