-- Writes a change of on_hand and committed to a locked level and marks it for publishing.
CREATE OR REPLACE FUNCTION level_change(
  p_tenant uuid,
  p_item uuid,
  p_location uuid,
  p_on_hand integer,
  p_committed integer,
  p_now timestamptz,
  OUT on_hand integer,
  OUT version bigint
) LANGUAGE plpgsql AS $fn$
BEGIN
  UPDATE level l SET on_hand = l.on_hand + p_on_hand, committed = l.committed + p_committed,
                     version = l.version + 1, updated_at = p_now
  WHERE l.tenant_id = p_tenant AND l.stock_item_id = p_item AND l.location_id = p_location
  RETURNING l.on_hand, l.version INTO STRICT level_change.on_hand, level_change.version;
  INSERT INTO level_dirty VALUES (p_tenant, p_item, p_location) ON CONFLICT DO NOTHING;
END $fn$;
